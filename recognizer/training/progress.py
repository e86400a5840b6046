"""Shows how a training goes on: a bar for the whole run, with rate and time left, and a line an epoch."""

from collections.abc import Callable
from typing import Any

from tqdm import tqdm

from recognizer.card import Epoch
from recognizer.training.config import Config
from recognizer.training.fit import Progress
from recognizer.training.team import is_first


class ProgressDisplay:
    """What `train` reports to. `say` writes a line."""

    def __init__(self, config: Config, say: Callable[[str], object]) -> None:
        self.config = config
        self.say = say
        # Rate and time left are the run's own: tqdm's would count the steps of before a stop.
        shown = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} steps{postfix}"
        self.bar: tqdm[Any] = tqdm(dynamic_ncols=True, disable=None if is_first() else True, bar_format=shown)

    def __enter__(self) -> "ProgressDisplay":
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def __call__(self, event: Progress | Epoch | str) -> None:
        if isinstance(event, Progress):
            self._advance(event)
        elif isinstance(event, Epoch):
            self._line(
                f"epoch {event.number} of {self.config.epochs}: loss {event.train_loss:.4f}, held out "
                f"{event.held_out_loss:.4f}, {event.held_out_accuracy:.2%} right, {event.seconds:.0f} s"
            )
        else:
            self._line(event)

    def _advance(self, event: Progress) -> None:
        self.bar.total = event.epochs * event.steps
        self.bar.n = (event.epoch - 1) * event.steps + event.step
        left = self.bar.format_interval(event.seconds_left)
        told = f"{event.examples_per_s:.0f} digits/s, {left} left, loss {event.loss:.3f}"
        self.bar.set_postfix_str(told, refresh=False)
        self.bar.update(0)

    def _line(self, line: str) -> None:
        self.bar.clear()
        self.say(line)
        self.bar.refresh()
