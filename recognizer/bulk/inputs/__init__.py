"""Inputs of a run: names as typed → items → pages."""
