"""Engines of a run: items → rows, by processes of this machine or by a Ray cluster."""
