"""Django's SQLite backend, but only the owner can read a new database."""
