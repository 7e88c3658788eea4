"""Figures, side by side in one run: ours, and Flask-SocketIO doing the same job on the same machine."""
