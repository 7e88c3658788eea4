"""`gunicorn wsgi:app` serves Dzvinok; `flask --app wsgi ...` is its command line."""

import sys

from server import create_app
from server.config import ConfigError

try:
    app = create_app()
except ConfigError as wrong:
    sys.exit(f"Dzvinok can't start. {wrong}")
