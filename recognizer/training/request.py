"""Trainings as they are asked for on a command line: which configurations, where each runs, where its model goes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import Any

from recognizer.errors import RecognizerError
from recognizer.training.config import PRESETS, Config


@dataclass(frozen=True)
class TrainingRun:
    """One training: its configuration, the folder that it runs in, and that of its model."""

    config: Config
    run: Path
    output: Path

    def __str__(self) -> str:
        return self.run.name


def configuration(preset: str, **changes: Any) -> Config:
    """A preset, with what is not None in its place. Raises `RecognizerError` for names that there are not."""
    if preset not in PRESETS:
        raise RecognizerError(f"{preset} is no preset; there are {', '.join(PRESETS)}")
    return replace(PRESETS[preset], **{name: value for name, value in changes.items() if value is not None})


def folders(config: Config, run: Path | None, output: Path | None) -> tuple[Path, Path]:
    """Of the run, and of the model that comes of it."""
    run = run or Path("runs") / f"{config.name}-{config.seed}"
    return run, output or run / config.name


def requested_runs(
    config: Config, seeds: Sequence[int], changes: Iterable[str], run: Path | None = None, output: Path | None = None
) -> list[TrainingRun]:
    """Each seed with each combination of values: changes are `name=value`, a name may come with several.

    run, output: folders of the only one; where several are asked for, each run's folder bears what varies. Raises
    `RecognizerError` for names and values that a configuration has not.
    """
    values: dict[str, list[Any]] = {}
    for change in changes:
        name, _, text = change.partition("=")
        values.setdefault(name, []).append(_value(config, name, text))
    chosen = [dict(zip(values, combination, strict=True)) for combination in product(*values.values())]
    varied = {name for name, several in values.items() if len(several) > 1}
    asked = [
        _asked(replace(config, seed=seed, **changed), {name: changed[name] for name in sorted(varied)})
        for changed in chosen
        for seed in seeds or [config.seed]
    ]
    if len({one.run for one in asked}) < len(asked):
        raise RecognizerError("the same run is asked for twice")
    if not (run or output):
        return asked
    if len(asked) > 1:
        raise RecognizerError("--run and --output are of one run; several have folders of their own in runs")
    return [TrainingRun(asked[0].config, *folders(asked[0].config, run, output))]


def _asked(config: Config, varied: Mapping[str, Any]) -> TrainingRun:
    run, _ = folders(config, None, None)
    run = run.with_name("-".join([run.name, *(f"{name}={_short(value)}" for name, value in varied.items())]))
    return TrainingRun(config, *folders(config, run, None))


def _short(value: Any) -> str:
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _value(config: Config, name: str, text: str) -> Any:
    """As JSON has it, of the kind that the configuration has there."""
    known = {field.name for field in fields(Config)} - {"name", "seed"}
    if name not in known:
        raise RecognizerError(f"{name} is nothing that can be set; there are {', '.join(sorted(known))}")
    before = getattr(config, name)
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if type(value) is int and isinstance(before, float):
        value = float(value)
    kinds = _kinds(getattr(PRESETS["shipped"], name))
    if isinstance(value, list):
        value = tuple(float(one) if type(one) is int and kinds == {float} else one for one in value)
    if type(value) is not type(before) or not _kinds(value) <= kinds:
        raise RecognizerError(f"{name}={text}: what stands there is like {json.dumps(before)}")
    return value


def _kinds(value: Any) -> set[type]:
    """Of a tuple's elements."""
    return set(map(type, value)) if isinstance(value, tuple) else set()
