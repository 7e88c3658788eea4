"""`gunicorn wsgi:app` serves Dzvinok; `flask --app wsgi ...` is its command line."""

from server import create_app

app = create_app()
