"""`digits import`: makes a model folder from a network that somebody else trained."""

from pathlib import Path
from typing import Annotated

import typer

from recognizer.card import ModelCard
from recognizer.cli.errors import report_errors
from recognizer.importing.comparison import compare
from recognizer.importing.importing import import_model
from recognizer.model import MODELS
from recognizer.recognizer import SHIPPED


def import_network(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The network: .h5, .keras, .onnx or .pt2.")],
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="The new model's folder. Its name is the model's.")],
) -> None:
    """Import a network of digits that you trained with Keras, or exported to ONNX or with torch.export.

    The model is measured and compared with the shipped one. Use it with `--model FOLDER` or `recognizer.load(FOLDER)`.
    """
    with report_errors():
        card = import_model(file, to.absolute(), typer.echo)
        typer.echo(compare(card, ModelCard.read(MODELS / SHIPPED)))
        typer.echo(f"The model is in {to}.")
