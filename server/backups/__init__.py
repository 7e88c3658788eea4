"""Copies of the database: made while rings go on, proved before they count, thinned out, and put back."""

from __future__ import annotations


class Refused(Exception):
    """One sentence: what is wrong and what to do. Nothing was changed."""
