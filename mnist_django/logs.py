"""Log lines about refused requests, without what visitors sent. Knows no settings."""

import logging


class Discreet(logging.Formatter):
    """One line that names the rule. Message and traceback hold what was sent: hosts, addresses, origins, names."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{self.formatTime(record)} {record.levelname} {record.name}: a request was refused"
