"""What came of a training, as plain text."""

from pathlib import Path

from recognizer.evaluation.text import score_tables
from recognizer.training.train import TrainedModel


def describe_training(trained: TrainedModel, run: Path) -> str:
    """What came of a training: its scores, and where everything is."""
    places = f"model, card and scores: {trained.folder}\nplots: {run / 'plots'}"
    return f"{score_tables(trained.scores)}\n{places}"
