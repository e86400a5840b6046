"""Outputs of a run: rows as files, a report, copies of the pictures."""
