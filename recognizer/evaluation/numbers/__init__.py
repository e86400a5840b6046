"""Measures how numbers are read, on numbers composed of single digits. They stand in for numbers that people wrote.

The composer shares nothing with the one that makes training lines.
"""
