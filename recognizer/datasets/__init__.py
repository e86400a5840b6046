"""Finds, downloads, verifies and reads the data sets. Knows no torch and no model."""
