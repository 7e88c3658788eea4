"""Databases that every released version has really made, and what must become of them."""
