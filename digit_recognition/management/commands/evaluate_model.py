"""`manage.py evaluate_model`: parses, calls the library, prints a table."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digit_recognition.management.training import needs_training
from recognizer import MODELS, RecognizerError
from recognizer.card import ModelCard
from recognizer.recognizer import SHIPPED
from recognizer.structured import to_json


class Command(BaseCommand):
    help = (
        "Measure a model on everything that it is held to: the public test sets that are at hand (see DIGITS_DATA), "
        "drawings on canvases, corrupted pictures, what is no digit, calibration and cost. Takes some minutes."
    )
    requires_system_checks: list[str] = []  # a damaged active model must not keep another one from being measured

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", nargs="?", default=SHIPPED, help="a shipped model's name, or a model's folder")
        parser.add_argument(
            "--json", action="store_true", help="print all as JSON; with --set the sets' scores, confusion and all"
        )
        parser.add_argument("--plots", type=Path, metavar="FOLDER", help="write plots, the worst mistakes among them")
        parser.add_argument(
            "--set", action="append", dest="sets", metavar="NAME", help="this set alone, as it is; can be repeated"
        )
        parser.add_argument("--check", action="store_true", help="fail where a bar in the model's model.json is missed")
        parser.add_argument(
            "--write", action="store_true", help="put what was measured into the model's model.json and its card"
        )
        parser.add_argument(
            "--seeds",
            type=Path,
            nargs="+",
            metavar="FOLDER",
            help="measure nothing: put into the model's card how far these models, measured already, of the same "
            "configuration and other seeds, differ from it; seeds that it tells of already stay",
        )
        parser.add_argument(
            "--record", type=Path, metavar="FILE", help="only write its answers to a fixed sample there"
        )

    @needs_training
    def handle(self, **options: Any) -> None:
        refuse_ignored_options(options)
        folder = folder_of(options["model"])
        try:
            if options["record"]:
                self.record(folder, options["record"])
            elif options["seeds"]:
                self.spread(folder, options["seeds"])
            elif options["sets"]:
                self.measure_sets(folder, options)
            else:
                self.measure_all(folder, options)
        except RecognizerError as error:
            raise CommandError(str(error)) from error

    def measure_all(self, folder: Path, options: dict[str, Any]) -> None:
        from recognizer.evaluation.measure import evaluate, write
        from recognizer.evaluation.scores import available_sets
        from recognizer.evaluation.table import misses
        from recognizer.evaluation.text import describe_evaluation

        choose_sets(None, available_sets())
        if options["check"] and not options["write"]:
            check_bars(folder)
        evaluation = evaluate(folder, self.report)
        self.stdout.write(
            json.dumps(evaluation.as_dict(), indent=1) if options["json"] else describe_evaluation(evaluation)
        )
        self.plot([*evaluation.answers, *evaluation.sent], options["plots"])
        if options["write"]:
            write(folder, evaluation)
            self.report(f"written: {folder / 'model.json'} and the model card beside it")
        missed = misses(evaluation.table, evaluation.bars) if options["check"] else []
        if missed:
            raise CommandError("\n".join([f"{len(missed)} of {len(evaluation.bars)} bars are missed:", *missed]))

    def measure_sets(self, folder: Path, options: dict[str, Any]) -> None:
        from recognizer.evaluation.scores import answers_of, available_sets, scores_of
        from recognizer.evaluation.text import describe_scores

        answers = answers_of(
            folder, choose_sets(options["sets"], available_sets()), lambda name: self.report(f"measuring {name}")
        )
        scores = scores_of(answers)
        self.stdout.write(json.dumps(to_json(scores), indent=1) if options["json"] else describe_scores(scores))
        self.plot(answers, options["plots"])

    def record(self, folder: Path, file: Path) -> None:
        from recognizer.evaluation.recorded import record_answers, write

        write(record_answers(folder), file)
        self.report(f"written: {file}")

    def spread(self, folder: Path, others: list[Path]) -> None:
        from recognizer.evaluation.spread import write_spread

        write_spread(folder, others)
        self.report(f"written: {folder / 'model.json'} and the model card beside it")

    def plot(self, answers: list[Any], folder: Path | None) -> None:
        if folder:
            from recognizer.evaluation import plots

            plots.evaluation(answers, folder)

    def report(self, line: str) -> None:
        self.stderr.write(line)


def choose_sets(wanted: list[str] | None, there: list[str]) -> list[str]:
    if not there:
        raise CommandError("no test set is at hand; let DIGITS_DATA name a folder of them (see README)")
    missing = set(wanted or ()) - set(there)
    if missing:
        raise CommandError(f"not at hand: {', '.join(sorted(missing))}; there are {', '.join(there)}")
    return wanted or there


def refuse_ignored_options(options: dict[str, Any]) -> None:
    """Whoever asks for a check must not be told that all is well by a command that checked nothing."""
    for name, flag in [("sets", "--set"), ("seeds", "--seeds"), ("record", "--record")]:
        if options[name] and (options["check"] or options["write"]):
            raise CommandError(f"--check and --write are for the whole table: leave out {flag}")


def check_bars(folder: Path) -> None:
    """Before minutes are spent on measuring."""
    if not ModelCard.read(folder).bars:
        raise CommandError(
            f'{folder / "model.json"} has no "bars" to hold the model to: older models have none. '
            "`evaluate_model --write` measures it and puts this project's bars there"
        )


def folder_of(model: str) -> Path:
    return MODELS / model if (MODELS / model).is_dir() else Path(model)
