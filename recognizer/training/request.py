"""Training runs requested on a command line: their configurations, run folders and model folders."""

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
    """A training: its configuration, its run folder and its model's folder."""

    config: Config
    run: Path
    output: Path

    def __str__(self) -> str:
        return self.run.name


def configuration(preset: str, **changes: Any) -> Config:
    """Return a preset with the changes that are not None. Raises `RecognizerError` for an unknown preset."""
    if preset not in PRESETS:
        *names, last = (f'"{name}"' for name in PRESETS)
        raise RecognizerError(f'Unknown preset "{preset}". Choose {", ".join(names)} or {last}.')
    return replace(PRESETS[preset], **{name: value for name, value in changes.items() if value is not None})


def folders(config: Config, run: Path | None, output: Path | None) -> tuple[Path, Path]:
    """Return the run folder and the model's folder, by default in `runs`."""
    run = run or Path("runs") / f"{config.name}-{config.seed}"
    return run, output or run / config.name


def requested_runs(
    config: Config, seeds: Sequence[int], changes: Iterable[str], run: Path | None = None, output: Path | None = None
) -> list[TrainingRun]:
    """Return a run for each combination of seeds and values.

    changes: `name=value`; a name may occur several times, with several values.
    run, output: folders, for a single run only. The folders of several runs are named after the values that vary.
    Raises `RecognizerError` for an unknown name or a wrong value.
    """
    values: dict[str, list[Any]] = {}
    for change in changes:
        name, _, text = change.partition("=")
        values.setdefault(name, []).append(_parse_value(config, name, text))
    chosen = [dict(zip(values, combination, strict=True)) for combination in product(*values.values())]
    varied = {name for name, several in values.items() if len(several) > 1}
    runs = [
        _run_of(replace(config, seed=seed, **changed), {name: changed[name] for name in sorted(varied)})
        for changed in chosen
        for seed in seeds or [config.seed]
    ]
    if len({each.run for each in runs}) < len(runs):
        raise RecognizerError("Two of the runs are the same: a seed or value is repeated.")
    if not (run or output):
        return runs
    if len(runs) > 1:
        raise RecognizerError("--run and --output are for a single run. Several runs have their own folders in runs/.")
    return [TrainingRun(runs[0].config, *folders(runs[0].config, run, output))]


def _run_of(config: Config, varied: Mapping[str, Any]) -> TrainingRun:
    run, _ = folders(config, None, None)
    run = run.with_name("-".join([run.name, *(f"{name}={_short_text(value)}" for name, value in varied.items())]))
    return TrainingRun(config, *folders(config, run, None))


def _short_text(value: Any) -> str:
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _parse_value(config: Config, name: str, text: str) -> Any:
    """Parse a JSON value of the setting's type."""
    known = {field.name for field in fields(Config)} - {"name", "seed"}
    if name not in known:
        raise RecognizerError(f'Unknown setting "{name}". Available: {", ".join(sorted(known))}.')
    current = getattr(config, name)
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if type(value) is int and isinstance(current, float):
        value = float(value)
    types = _item_types(getattr(PRESETS["shipped"], name))
    if isinstance(value, list):
        value = tuple(float(item) if type(item) is int and types == {float} else item for item in value)
    if type(value) is not type(current) or not _item_types(value) <= types:
        raise RecognizerError(f"{name}={text} has the wrong type. Example: {name}={json.dumps(current)}")
    return value


def _item_types(value: Any) -> set[type]:
    """Return the types of a tuple's elements; empty for other values."""
    return set(map(type, value)) if isinstance(value, tuple) else set()
