"""Whole numbers: a line of writing → its text. Knows no Django and no torch."""
