"""The web app: all that knows HTTP, HTML or the database. Gets its answers from `recognizer`."""
