"""Runs several trainings, one after the other or as Ray tasks. A failed training does not stop the others."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from recognizer.bulk.engines.choice import Choice, Kind
from recognizer.card import Epoch
from recognizer.errors import RecognizerError
from recognizer.training.fit import Progress
from recognizer.training.progress import ProgressDisplay
from recognizer.training.request import TrainingRun
from recognizer.training.team import is_under_torchrun
from recognizer.training.text import describe_training
from recognizer.training.train import train

DATA = "DIGITS_DATA"


@dataclass(frozen=True)
class Outcome:
    """The end of one training, in words."""

    asked: TrainingRun
    text: str
    failed: bool = False


def train_all(asked: Sequence[TrainingRun], choice: Choice, say: Callable[[str], object]) -> Iterator[Outcome | None]:
    """Yield trainings as they finish; None on torchrun's ranks other than 0.

    Raises `RecognizerError` if no cluster answers, and for several trainings under torchrun: its processes can form a
    group only once.
    """
    if is_under_torchrun() and (len(asked) > 1 or choice.kind is Kind.RAY):
        raise RecognizerError("torchrun runs one training only. For several, use --engine ray without torchrun.")
    if len(asked) > 1:  # an interrupted command may have finished some
        yield from (Outcome(run, f"skipped, {run.output} already exists") for run in asked if run.output.exists())
        asked = [run for run in asked if not run.output.exists()]
    if choice.kind is Kind.RAY and asked:
        from recognizer.bulk.engines.cluster import run_tasks

        task = partial(_train_on_cluster, Path.cwd(), os.environ.get(DATA))
        yield from run_tasks(task, asked, max(run.config.processes for run in asked), choice.address)
        return
    for run in asked:
        say(f"{run}:")
        with ProgressDisplay(run.config, say) as report:
            yield _train(run, report)


def _train(asked: TrainingRun, report: Callable[[Progress | Epoch | str], None]) -> Outcome | None:
    try:
        made = train(asked.config, asked.run, asked.output, report)
    except RecognizerError as error:
        return Outcome(asked, str(error), failed=True)
    except Exception as error:  # an odd configuration must not stop the other trainings
        return Outcome(asked, f"{type(error).__name__}: {error}", failed=True)
    if made is None:
        return None
    return Outcome(asked, f"\n{describe_training(made, asked.run)}")


def _train_on_cluster(folder: Path, data: str | None, asked: TrainingRun) -> Outcome | None:
    """Train on any machine of the cluster: all of them have the files under the same names."""
    os.chdir(folder)
    if data:
        os.environ[DATA] = data
    return _train(asked, lambda event: None)
