"""`digits info`: what is known of a model, from its card."""

from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from recognizer.card import ModelCard
from recognizer.cli.errors import told_errors
from recognizer.cli.options import Model
from recognizer.cli.terminal import print_in_full
from recognizer.model import MODELS
from recognizer.recognizer import SHIPPED, load


def info(model: Model = None) -> None:
    """What a model is, and how good it was measured to be."""
    with told_errors():
        folder = model or MODELS / SHIPPED
        load(folder)  # whole and undamaged, or an error
        card = ModelCard.read(folder)
    console = Console(highlight=False)
    console.print(f"{card.name}, {(folder / 'model.onnx').stat().st_size / 1e6:.2f} MB, {_place(folder)}")
    console.print("declines by", ", ".join(f"{name} < {limit:.3g}" for name, limit in asdict(card.rule).items()))
    table = Table("measured on", "n", "right", "declined", title=f"measured {card.measured or ''}".strip())
    for score in card.scores:
        right = "" if score.accuracy is None else f"{score.accuracy:.2%}"
        table.add_row(score.set, f"{score.n:,}", right, f"{score.declined:.2%}")
    if table.row_count:
        print_in_full(console, table)


def _place(folder: Path) -> str:
    return "shipped" if folder == MODELS / SHIPPED else str(folder)
