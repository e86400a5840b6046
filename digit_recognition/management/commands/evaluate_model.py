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
        "Measure a model: accuracy on the public test sets (see DIGITS_DATA), drawings on canvases, corrupted "
        "pictures, not-digits, calibration and cost. Takes some minutes."
    )
    requires_system_checks: list[str] = []  # a damaged active model must not block measuring another

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", nargs="?", default=SHIPPED, help="name of a shipped model, or a model folder")
        parser.add_argument("--json", action="store_true", help="print JSON; with --set, scores and confusion matrices")
        parser.add_argument(
            "--plots", type=Path, metavar="FOLDER", help="write plots to FOLDER, including the worst mistakes"
        )
        parser.add_argument(
            "--set", action="append", dest="sets", metavar="NAME", help="measure this test set alone; can be repeated"
        )
        parser.add_argument("--check", action="store_true", help="fail if the model misses a bar in its model.json")
        parser.add_argument(
            "--write", action="store_true", help="write the results to the model's model.json and model card"
        )
        parser.add_argument(
            "--seeds",
            type=Path,
            nargs="+",
            metavar="FOLDER",
            help="measure nothing: add these models' results to the model card's spread over seeds; they must be "
            "measured already, with the same configuration and other seeds",
        )
        parser.add_argument(
            "--held-out",
            action="store_true",
            help="measure on held-out parts of the training sets instead: groups of digits, pieces, misread hands; "
            "to choose between models, for which test sets must not serve",
        )
        parser.add_argument(
            "--record", type=Path, metavar="FILE", help="only write the answers to a fixed sample to FILE"
        )

    @needs_training
    def handle(self, **options: Any) -> None:
        refuse_ignored_options(options)
        folder = folder_of(options["model"])
        try:
            if options["record"]:
                self.record(folder, options["record"])
            elif options["held_out"]:
                self.measure_held_out(folder)
            elif options["seeds"]:
                self.write_spread(folder, options["seeds"])
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

        choose_sets(None, available_sets())  # before minutes of measuring
        if options["check"] and not options["write"]:
            refuse_without_bars(folder)
        evaluation = evaluate(folder, self.report)
        as_json = options["json"]
        self.stdout.write(json.dumps(evaluation.as_dict(), indent=1) if as_json else describe_evaluation(evaluation))
        self.plot([*evaluation.answers, *evaluation.sent], options["plots"])
        if options["write"]:
            write(folder, evaluation)
            self.report(f"Wrote {folder / 'model.json'} and the model card beside it.")
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

    def measure_held_out(self, folder: Path) -> None:
        from recognizer.training.held_out_rows import held_out_rows

        for row in held_out_rows(folder):
            self.stdout.write(str(row))

    def record(self, folder: Path, file: Path) -> None:
        from recognizer.evaluation.recorded import record_answers, write

        write(record_answers(folder), file)
        self.report(f"Wrote {file}.")

    def write_spread(self, folder: Path, others: list[Path]) -> None:
        from recognizer.evaluation.spread import write_spread

        write_spread(folder, others)
        self.report(f"Wrote {folder / 'model.json'} and the model card beside it.")

    def plot(self, answers: list[Any], folder: Path | None) -> None:
        if folder:
            from recognizer.evaluation import plots

            plots.plot_answers(answers, folder)

    def report(self, line: str) -> None:
        self.stderr.write(line)


def choose_sets(wanted: list[str] | None, available: list[str]) -> list[str]:
    if not available:
        raise CommandError("no test set found; set DIGITS_DATA to a folder that holds them (see README)")
    missing = set(wanted or ()) - set(available)
    if missing:
        raise CommandError(f"not found: {', '.join(sorted(missing))}. Available: {', '.join(available)}")
    return wanted or available


def refuse_ignored_options(options: dict[str, Any]) -> None:
    """Refuse --check and --write where they would be ignored, so that a check never passes without checking."""
    for name, flag in [
        ("sets", "--set"),
        ("seeds", "--seeds"),
        ("record", "--record"),
        ("held_out", "--held-out"),
    ]:
        if options[name] and (options["check"] or options["write"]):
            raise CommandError(f"--check and --write need the whole evaluation: leave out {flag}")


def refuse_without_bars(folder: Path) -> None:
    """Refuse a model without bars before minutes of measuring."""
    if not ModelCard.read(folder).bars:
        raise CommandError(
            f'{folder / "model.json"} has no "bars" to check, as in older models. '
            "`evaluate_model --write` measures the model and adds this project's bars."
        )


def folder_of(model: str) -> Path:
    return MODELS / model if (MODELS / model).is_dir() else Path(model)
