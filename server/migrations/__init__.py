"""One file per step, run in the order of their names, never changed once released."""
