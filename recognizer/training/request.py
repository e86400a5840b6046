"""A training as it is asked for on a command line: which configuration, where it runs, where the model goes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from recognizer.errors import RecognizerError
from recognizer.training.config import PRESETS, Config


def configuration(preset: str, **changes: Any) -> Config:
    """A preset, with what is not None in its place. Raises `RecognizerError` for names that there are not."""
    if preset not in PRESETS:
        raise RecognizerError(f"{preset} is no preset; there are {', '.join(PRESETS)}")
    return replace(PRESETS[preset], **{name: value for name, value in changes.items() if value is not None})


def folders(config: Config, run: Path | None, output: Path | None) -> tuple[Path, Path]:
    """Of the run, and of the model that comes of it."""
    run = run or Path("runs") / f"{config.name}-{config.seed}"
    return run, output or run / config.name
