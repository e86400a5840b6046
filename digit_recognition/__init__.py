"""The web: everything that knows HTTP, HTML or the database. Asks `recognizer` for answers, never how it finds them."""
