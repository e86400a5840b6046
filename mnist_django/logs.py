"""Formats log lines about refused requests, without what visitors sent."""

import logging


class DiscreetFormatter(logging.Formatter):
    """Writes one line that names the logger, and with it the rule.

    It leaves out message and traceback: they contain hosts, addresses, origins and names that visitors sent.
    """

    def format(self, record: logging.LogRecord) -> str:
        return f"{self.formatTime(record)} {record.levelname} {record.name}: a request was refused"
