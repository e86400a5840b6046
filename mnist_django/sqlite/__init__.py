"""Django's SQLite backend, with a database that its owner alone can read."""
