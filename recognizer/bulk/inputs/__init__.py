"""Inputs of a run: what is typed → items, and items → pages."""
