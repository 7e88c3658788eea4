"""Talks to Poster: Web API, OAuth, signed requests, webhooks, upload. Knows no Flask and no database."""
