"""`manage.py train_model`: parses, calls the library, shows how it goes on."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from digit_recognition.management.training import needs_training
from recognizer.errors import RecognizerError

if TYPE_CHECKING:
    from recognizer.training.config import Config
    from recognizer.training.fit import Epoch, Progress


class Command(BaseCommand):
    help = (
        "Train a model: MNIST and pen digits from the folder that DIGITS_DATA names, else downloaded. Ctrl-C stops it; "
        "the same command goes on after the last whole epoch. All takes about two hours on two cores."
    )
    requires_system_checks: list[str] = []  # no database and no model are needed to make a model

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("preset", nargs="?", default="shipped", help="shipped (default) or smallest, for a try")
        parser.add_argument("--name", help="the new model's name, digits_v9 say; a new set of weights is a new folder")
        parser.add_argument("--seed", type=int, help="another seed than the preset's")
        parser.add_argument("--epochs", type=int, help="another number of epochs than the preset's")
        parser.add_argument("--run", type=Path, help="folder for checkpoint and plots; default: runs/NAME-SEED")
        parser.add_argument("--output", type=Path, help="the model's folder; default: RUN/NAME")

    @needs_training
    def handle(self, **options: Any) -> None:
        from recognizer.training.train import train

        config = self.configuration(options)
        run = options["run"] or Path("runs") / f"{config.name}-{config.seed}"
        output = options["output"] or run / config.name
        try:
            with _Reporter(self, config) as report:
                trained = train(config, run, output, report)
        except RecognizerError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(f"stopped; {run} keeps all whole epochs, the same command goes on from there") from None
        self.stdout.write(f"{trained.folder}: the model, its card and its scores\n{run / 'plots'}: the plots")

    def configuration(self, options: dict[str, Any]) -> "Config":
        from recognizer.training.config import PRESETS

        if options["preset"] not in PRESETS:
            raise CommandError(f"{options['preset']} is no preset; there are {', '.join(PRESETS)}")
        changes = {name: options[name] for name in ("name", "seed", "epochs") if options[name] is not None}
        return replace(PRESETS[options["preset"]], **changes)


class _Reporter:
    """Shows progress as a bar for the whole run, with rate and time left, and a line an epoch."""

    def __init__(self, command: BaseCommand, config: "Config") -> None:
        from tqdm import tqdm

        self.command = command
        self.config = config
        # Rate and time left are the run's own: tqdm's would count the steps of before a stop.
        shown = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} steps{postfix}"
        self.bar: tqdm[Any] = tqdm(dynamic_ncols=True, disable=None, bar_format=shown)

    def __enter__(self) -> "_Reporter":
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def __call__(self, event: "Progress | Epoch | str") -> None:
        from recognizer.training.fit import Epoch, Progress

        if isinstance(event, Progress):
            self.bar.total = event.epochs * event.steps
            self.bar.n = (event.epoch - 1) * event.steps + event.step
            left = self.bar.format_interval(event.seconds_left)
            self.bar.set_postfix_str(
                f"{event.examples_per_s:.0f} digits/s, {left} left, loss {event.loss:.3f}", refresh=False
            )
            self.bar.update(0)
        elif isinstance(event, Epoch):
            self.say(
                f"epoch {event.number} of {self.config.epochs}: loss {event.train_loss:.4f}, held out "
                f"{event.held_out_loss:.4f}, {event.held_out_accuracy:.2%} right, {event.seconds:.0f} s"
            )
        else:
            self.say(event)

    def say(self, line: str) -> None:
        self.bar.clear()
        self.command.stdout.write(line)
        self.bar.refresh()
