"""What must hold when everything breaks: see docs/torture.md. `python -m tests.torture` is the long form."""
