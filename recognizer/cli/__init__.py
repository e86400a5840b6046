"""The command `digits`: parses, calls the library, prints."""
