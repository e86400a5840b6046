"""Whole folders: many inputs in, one row for each picture out. Knows no Django; needs the extra `bulk`."""
