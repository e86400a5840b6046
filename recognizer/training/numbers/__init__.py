"""Trains the line network, which reads a line of writing. Torch is needed here."""
