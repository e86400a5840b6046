"""Trainings: one after the other here, or as tasks of a Ray cluster. One that fails does not stop the others."""

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
class Ended:
    """What came of a training; `failed`: nothing did, and `told` says why."""

    asked: TrainingRun
    told: str
    failed: bool = False


def trained(asked: Sequence[TrainingRun], choice: Choice, say: Callable[[str], object]) -> Iterator[Ended | None]:
    """Yield trainings as they finish; None on torchrun's ranks other than 0.

    Raises `RecognizerError` without cluster, and for several under torchrun, whose processes would meet only once.
    """
    if is_under_torchrun() and (len(asked) > 1 or choice.kind is Kind.RAY):
        raise RecognizerError("torchrun is for one training; several are for --engine ray")
    if len(asked) > 1:  # begun before, perhaps, and some were finished
        yield from (Ended(one, f"{one.output} is there already") for one in asked if one.output.exists())
        asked = [one for one in asked if not one.output.exists()]
    if choice.kind is Kind.RAY and asked:
        from recognizer.bulk.engines.cluster import results

        task = partial(_on_cluster, Path.cwd(), os.environ.get(DATA))
        yield from results(task, asked, max(one.config.processes for one in asked), choice.address)
        return
    for one in asked:
        say(f"{one}:")
        with ProgressDisplay(one.config, say) as report:
            yield _trained(one, report)


def _trained(asked: TrainingRun, report: Callable[[Progress | Epoch | str], None]) -> Ended | None:
    try:
        made = train(asked.config, asked.run, asked.output, report)
    except RecognizerError as error:
        return Ended(asked, str(error), failed=True)
    except Exception as error:  # of an odd configuration; the others are none the worse for it
        return Ended(asked, f"{type(error).__name__}: {error}", failed=True)
    if made is None:
        return None
    return Ended(asked, f"\n{describe_training(made, asked.run)}")


def _on_cluster(folder: Path, data: str | None, asked: TrainingRun) -> Ended | None:
    """In a process of any of its machines, which has files under the same names as the one that asks."""
    os.chdir(folder)
    if data:
        os.environ[DATA] = data
    return _trained(asked, lambda event: None)
