"""`gunicorn wsgi:app` serves Dzvinok; `flask --app wsgi ...` is its command line."""

import os
import sys
from pathlib import Path

from flask import Flask

from server import create_app
from server.config import ConfigError, load


def _restores() -> bool:
    """`flask restore`: then the database stays closed."""
    return Path(sys.argv[0]).stem in ("flask", "__main__") and "restore" in sys.argv[1:]


def _made() -> Flask:
    if not _restores():
        return create_app()
    from server.cli.upkeep import app_for_restoring

    return app_for_restoring(load(os.environ))


try:
    app = _made()
except ConfigError as wrong:
    sys.exit(f"Dzvinok can't start. {wrong}")
