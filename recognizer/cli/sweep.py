"""Runs several trainings, one after the other or as Ray tasks. A failed training does not stop the others."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from recognizer.bulk.engines.choice import Choice, Kind
from recognizer.card import Epoch
from recognizer.errors import RecognizerError
from recognizer.training.loop import Progress
from recognizer.training.progress import ProgressDisplay
from recognizer.training.request import TrainingRun
from recognizer.training.team import is_under_torchrun
from recognizer.training.text import describe_training
from recognizer.training.train import train

DATA = "DIGITS_DATA"


@dataclass(frozen=True)
class Outcome:
    """The end of one training, in words."""

    training: TrainingRun
    text: str
    failed: bool = False


def train_all(
    trainings: Sequence[TrainingRun], choice: Choice, report: Callable[[str], object]
) -> Iterator[Outcome | None]:
    """Yield trainings as they finish; None on torchrun's ranks other than 0.

    Raises `RecognizerError` if no cluster answers, and for several trainings under torchrun: its processes can form a
    group only once.
    """
    if is_under_torchrun() and (len(trainings) > 1 or choice.kind is Kind.RAY):
        raise RecognizerError("torchrun runs one training only. For several, use --engine ray without torchrun.")
    if len(trainings) > 1:  # an interrupted command may have finished some
        finished = (training for training in trainings if training.output.exists())
        yield from (Outcome(training, f"skipped, {training.output} already exists") for training in finished)
        trainings = [training for training in trainings if not training.output.exists()]
    if choice.kind is Kind.RAY and trainings:
        from recognizer.bulk.engines.cluster import run_tasks

        task = partial(_train_on_cluster, Path.cwd(), os.environ.get(DATA))
        processes = max(training.config.processes for training in trainings)
        yield from run_tasks(task, trainings, processes, choice.address)
        return
    for training in trainings:
        report(f"{training}:")
        with ProgressDisplay(training.config, report) as display:
            yield _train(training, display)


def _train(training: TrainingRun, report: Callable[[Progress | Epoch | str], None]) -> Outcome | None:
    try:
        made = train(training.config, training.run, training.output, report)
    except RecognizerError as error:
        return Outcome(training, str(error), failed=True)
    except Exception as error:  # an odd configuration must not stop the other trainings
        return Outcome(training, f"{type(error).__name__}: {error}", failed=True)
    if made is None:
        return None
    return Outcome(training, f"\n{describe_training(made, training.run)}")


def _train_on_cluster(folder: Path, data: str | None, training: TrainingRun) -> Outcome | None:
    """Train on any machine of the cluster: all of them have the files under the same names."""
    os.chdir(folder)
    if data:
        os.environ[DATA] = data
    return _train(training, lambda event: None)
