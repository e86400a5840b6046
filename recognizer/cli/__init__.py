"""The command `digits`: parses options, calls the library, prints."""
