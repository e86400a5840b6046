"""Outputs of a run: files of rows, a report, and copies of the pictures."""
