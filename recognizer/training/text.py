"""The result of a training as plain text."""

from pathlib import Path

from recognizer.evaluation.text import score_tables
from recognizer.training.train import TrainedModel


def describe_training(trained: TrainedModel, run: Path) -> str:
    """Return a training's scores and the places of its files."""
    files = f"model, card and scores: {trained.folder}\nplots: {run / 'plots'}"
    return f"{score_tables(trained.scores)}\n{files}"
