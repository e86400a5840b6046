"""Measures a model through the exported files, as users run them. Knows no torch."""
