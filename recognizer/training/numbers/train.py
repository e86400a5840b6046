"""From data to the line network's folder: fit, quantise, export, weigh, write. Reports; prints nothing."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import torch
from torch import Tensor

from recognizer.card import Epoch
from recognizer.datasets import sets
from recognizer.doors import PixelsDoor, StrokesDoor
from recognizer.model import MODELS, Model
from recognizer.numbers.cuts import StrokesLine
from recognizer.numbers.line_model import NETWORK, LineCard, LineModel, Share
from recognizer.numbers.number_reader import NumberReader
from recognizer.numbers.reading import Allow
from recognizer.numbers.weighing import Weights, WeightsByAllow, is_allowed, weigh
from recognizer.recognizer import SHIPPED, Recognizer
from recognizer.training.loop import Progress
from recognizer.training.numbers.config import LineConfig
from recognizer.training.numbers.fit import LINES_AT_ONCE, LineFit, follow
from recognizer.training.numbers.line_set import HeldOut
from recognizer.training.numbers.network import LineNetwork
from recognizer.training.numbers.serving import export
from recognizer.training.numbers.weights import START, Weighed, fit_weights
from recognizer.training.quantised import quantise
from recognizer.training.team import lead_group

Report = Callable[[Progress | Epoch | str], None]


def train(config: LineConfig, run: Path, report: Report) -> Path:
    """Train a line network, or resume the training in `run`; write the folder `run`/NAME and return it.

    Raises `DataError` without data, and `RecognizerError` if the checkpoint is damaged or has another configuration,
    or a process has died.
    """
    checkpoint = run / "checkpoint.pt"
    with lead_group(config.processes, follow, config, checkpoint) as team:
        fit = LineFit(config, checkpoint, team)
        network: LineNetwork = fit.train(report)  # type: ignore[assignment]
    folder = run / config.name
    folder.mkdir(parents=True, exist_ok=True)
    export(quantise(network, batches_of(fit.held_out)), folder / NETWORK)
    card = LineCard(
        name=config.name,
        sha256=hashlib.sha256((folder / NETWORK).read_bytes()).hexdigest(),
        strokes=WeightsByAllow(START, START),
        ink=WeightsByAllow(START, START),
        config=config.as_dict(),
        seed=config.seed,
        epochs=tuple(fit.epochs),
        data=sets.fingerprints("mnist-train", "pendigits-train"),
    )
    card.write(folder)
    write_weights(folder, fit.held_out, report)
    return folder


def write_weights(folder: Path, held_out: dict[str, list[HeldOut]], report: Report) -> None:
    """Judge the held-out lines, fit the weights to them, and write both to the card.

    How many lines are read rightly is counted with weights that are fitted to the other half of the lines.
    """
    model = Model(MODELS / SHIPPED)
    reader = NumberReader(model, StrokesDoor(), PixelsDoor(), LineModel(folder), Recognizer(model).predict)
    fitted: dict[bool, WeightsByAllow] = {}
    shares: dict[str, Share] = {}
    for of_strokes in (True, False):
        by_allow: dict[Allow, Weights] = {}
        for allow in get_args(Allow):
            kinds = {
                name: weighed_of(reader, lines)
                for name, lines in held_out.items()
                if f", {allow}," in name and isinstance(lines[0].line, StrokesLine) == of_strokes
            }
            by_allow[allow] = fit_kinds(kinds, allow)
            weights = [fit_kinds({name: lines[half::2] for name, lines in kinds.items()}, allow) for half in (0, 1)]
            for name, lines in kinds.items():
                others = [share_of(lines[1 - half :: 2], weights[half], allow) for half in (0, 1)]
                shares[name] = others[0] + others[1]
                report(f"{name}: {shares[name]}")
        fitted[of_strokes] = WeightsByAllow(by_allow["digits"], by_allow["number"])
    card = LineCard.read(folder)
    replace(card, strokes=fitted[True], ink=fitted[False], held_out=shares).write(folder)


def fit_kinds(kinds: Mapping[str, Sequence[Weighed]], allow: Allow) -> Weights:
    """Fit the weights to all but overlapping digits: their errors would make all other lines unsure."""
    return fit_weights([line for name, lines in kinds.items() if "overlapping" not in name for line in lines], allow)


def weighed_of(reader: NumberReader, lines: list[HeldOut]) -> list[Weighed]:
    weighed = []
    for text, line in lines:
        own = reader.of_strokes if isinstance(line, StrokesLine) else reader.of_ink
        judged = own.judge(line, own.propose(line))
        weighed.append(Weighed(text, tuple(each.candidate for each in judged)))
    return weighed


def share_of(lines: list[Weighed], weights: Weights, allow: Allow) -> Share:
    """Count the texts that are right, the answers, and the answers that are right."""
    right = answered = right_answers = 0
    for line in lines:
        if not line.candidates:
            continue
        chances = weigh(line.candidates, weights)
        best = int(np.argmax(chances))
        text = line.candidates[best].text
        is_right, is_answered = text == line.text, is_allowed(text, allow) and chances[best] >= weights.sure
        right, answered = right + is_right, answered + is_answered
        right_answers += is_right and is_answered
    return Share(len(lines), right, answered, right_answers)


def batches_of(lines: dict[str, list[HeldOut]]) -> Iterator[Tensor]:
    """Yield the pictures of lines, each batch cut to the width of its narrowest."""
    for own in lines.values():
        ordered = sorted((held.line.picture.picture for held in own), key=lambda picture: picture.shape[1])
        for start in range(0, len(ordered), LINES_AT_ONCE):
            part = ordered[start : start + LINES_AT_ONCE]
            width = part[0].shape[1]
            yield torch.from_numpy(np.stack([picture[None, :, :width] for picture in part]) / np.float32(255))
