"""A stand-in for Poster and for a phone company: for trying Dzvinok without accounts, and for its tests.

The server never imports anything from here; it reaches the sandbox through its URL settings only.
"""

from sandbox.app import create_sandbox

__all__ = ["create_sandbox"]
