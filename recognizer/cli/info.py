"""`digits info`: shows a model's card."""

from rich.console import Console
from rich.table import Table

from recognizer.card import ModelCard
from recognizer.cli.errors import report_errors
from recognizer.cli.options import Model
from recognizer.cli.terminal import print_in_full
from recognizer.model import MODELS
from recognizer.recognizer import SHIPPED, load


def info(model: Model = None) -> None:
    """Show a model's name, size, limits and measured accuracy."""
    with report_errors():
        folder = model or MODELS / SHIPPED
        load(folder)  # raises if a file is missing or damaged
        card = ModelCard.read(folder)
    console = Console(highlight=False)
    place = "bundled" if folder == MODELS / SHIPPED else folder
    digit, sure = f"{100 * card.rule.digit:.3g}%", f"{100 * card.rule.sure:.3g}%"
    console.print(f"{card.name}, {(folder / 'model.onnx').stat().st_size / 1e6:.2f} MB, {place}")
    console.print(f"Declines if the best digit is below {sure}, or the chance of any digit below {digit}")
    table = Table("test set", "n", "correct", "declined", title=f"Measured {card.measured or ''}".strip())
    for score in card.scores:
        correct = "" if score.accuracy is None else f"{score.accuracy:.2%}"
        table.add_row(score.set, f"{score.n:,}", correct, f"{score.declined:.2%}")
    if table.row_count:
        print_in_full(console, table)
