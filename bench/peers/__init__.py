"""The same job done with somebody else's tools."""
