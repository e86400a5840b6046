"""The files with which a browser answers on its own, and without a network. Knows no requests."""
