"""What came of a training, as plain text."""

from pathlib import Path

from recognizer.evaluation.text import told_tables
from recognizer.training.train import Trained


def told_trained(trained: Trained, run: Path) -> str:
    """What came of a training: its scores, and where everything is."""
    places = f"model, card and scores: {trained.folder}\nplots: {run / 'plots'}"
    return f"{told_tables(trained.scores)}\n{places}"
