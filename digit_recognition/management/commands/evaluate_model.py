"""`manage.py evaluate_model`: parses, calls the library, prints a table."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from digit_recognition.management.training import needs_training
from recognizer import MODELS, RecognizerError

if TYPE_CHECKING:
    from recognizer.training.evaluate import Scores


class Command(BaseCommand):
    help = "Measure a model on MNIST's test set and on each public set that is at hand (see DIGITS_DATA)."
    requires_system_checks: list[str] = []  # a damaged active model must not keep another one from being measured

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", nargs="?", default="digits_v1", help="a shipped model's name, or a model's folder")
        parser.add_argument("--json", action="store_true", help="print the scores as JSON, confusion matrices and all")
        parser.add_argument("--plots", type=Path, metavar="FOLDER", help="write plots, the worst mistakes among them")
        parser.add_argument(
            "--set", action="append", dest="sets", metavar="NAME", help="this set only; can be repeated"
        )

    @needs_training
    def handle(self, **options: Any) -> None:
        from recognizer.training.evaluate import answers_of, available, scores_of

        try:
            names = chosen(options["sets"], available())
            answers = answers_of(
                folder_of(options["model"]), names, lambda name: self.stderr.write(f"measuring {name}")
            )
        except RecognizerError as error:
            raise CommandError(str(error)) from error
        scores = scores_of(answers)
        if options["plots"]:
            from recognizer.training import plots

            plots.evaluation(answers, options["plots"])
        self.stdout.write(json.dumps([one.as_dict() for one in scores], indent=1) if options["json"] else table(scores))


def chosen(wanted: list[str] | None, there: list[str]) -> list[str]:
    if not there:
        raise CommandError("no test set is at hand; let DIGITS_DATA name a folder of them (see README)")
    missing = set(wanted or ()) - set(there)
    if missing:
        raise CommandError(f"not at hand: {', '.join(sorted(missing))}; there are {', '.join(there)}")
    return wanted or there


def folder_of(model: str) -> Path:
    return MODELS / model if (MODELS / model).is_dir() else Path(model)


def table(scores: "list[Scores]") -> str:
    """The digits' table, the errors by digit and as a confusion matrix, then the table of what is no digit."""
    digits = [one for one in scores if one.accuracy is not None]
    others = [one for one in scores if one.accuracy is None]
    lines = [f"{'set':22}{'n':>7}{'right':>9}{'95 % interval':>20}{'declined':>10}{'ECE':>8}"]
    lines += [_digit_line(one) for one in digits]
    for one in digits:
        lines += ["", f"{one.set}: right by digit, and true (down) against answered (across)", *_matrix(one)]
    if others:
        lines += ["", f"{'not digits':22}{'n':>7}{'declined':>10}{'AUROC':>9}"]
        lines += [_other_line(one) for one in others]
    return "\n".join(lines)


def _digit_line(one: "Scores") -> str:
    low, high = one.interval or (0.0, 1.0)
    interval = f"{low:.2%} to {high:.2%}"
    return f"{one.set:22}{one.n:7,}{one.accuracy:9.2%}{interval:>20}{one.declined:10.2%}{one.calibration_error:8.2%}"


def _other_line(one: "Scores") -> str:
    auroc = "" if one.auroc is None else f"{one.auroc:9.4f}"
    return f"{one.set:22}{one.n:7,}{one.declined:10.1%}{auroc}"


def _matrix(one: "Scores") -> list[str]:
    heads = "".join(f"{digit:6}" for digit in range(10))
    rows = zip(one.per_digit or (), one.confusion or (), strict=True)
    counted = [f"  {digit} {right:9.2%} {_counts(counts)}" for digit, (right, counts) in enumerate(rows)]
    return [f"{'':14}{heads}", *counted]


def _counts(counts: tuple[int, ...]) -> str:
    return "".join(f"{count or '·':>6}" for count in counts)
