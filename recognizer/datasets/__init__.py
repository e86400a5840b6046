"""Data sets: found, downloaded, verified, read. Knows no torch and no model."""
