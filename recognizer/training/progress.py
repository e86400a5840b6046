"""Shows the progress of a training: a bar for the whole run, with rate and time left, and a line an epoch."""

from collections.abc import Callable
from typing import Any

from tqdm import tqdm

from recognizer.card import Epoch
from recognizer.training.config import RunConfig
from recognizer.training.loop import Progress
from recognizer.training.team import is_first


class ProgressDisplay:
    """Shows the events that `train` reports. `say` writes a line."""

    def __init__(self, config: RunConfig, say: Callable[[str], object]) -> None:
        self.config = config
        self.say = say
        # Rate and time left come from `Progress`: tqdm would count the steps before a resume.
        bar_format = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} steps{postfix}"
        self.bar: tqdm[Any] = tqdm(dynamic_ncols=True, disable=None if is_first() else True, bar_format=bar_format)

    def __enter__(self) -> "ProgressDisplay":
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def __call__(self, event: Progress | Epoch | str) -> None:
        if isinstance(event, Progress):
            self._show_progress(event)
        elif isinstance(event, Epoch):
            self._print(
                f"epoch {event.number} of {self.config.epochs}: loss {event.train_loss:.4f}, held out "
                f"{event.held_out_loss:.4f}, {event.held_out_accuracy:.2%} correct, {event.seconds:.0f} s"
            )
        else:
            self._print(event)

    def _show_progress(self, event: Progress) -> None:
        self.bar.total = event.epochs * event.steps
        self.bar.n = (event.epoch - 1) * event.steps + event.step
        time_left = self.bar.format_interval(event.seconds_left)
        postfix = f"{event.examples_per_s:.0f} examples/s, {time_left} left, loss {event.loss:.3f}"
        self.bar.set_postfix_str(postfix, refresh=False)
        self.bar.update(0)

    def _print(self, line: str) -> None:
        self.bar.clear()
        self.say(line)
        self.bar.refresh()
