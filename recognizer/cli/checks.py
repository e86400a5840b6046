"""Checks before anything is read: every input exists, and no output would destroy something."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from glob import has_magic
from pathlib import Path

import pyarrow as pa

import recognizer
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.inputs.folders import files_like
from recognizer.bulk.inputs.sources import LIST, Sources
from recognizer.bulk.items import is_url
from recognizer.bulk.kept import choose_columns
from recognizer.bulk.outputs.names import output_for
from recognizer.bulk.outputs.output import Output, OutputError, OutputState
from recognizer.bulk.outputs.report import is_report
from recognizer.bulk.rows import NUMBERS, own_schema
from recognizer.card import ModelCard
from recognizer.errors import RecognizerError
from recognizer.model import MODELS
from recognizer.recognizer import SHIPPED


def check_inputs(sources: Sources, reading: Reading, keep: Sequence[str] | None, force: bool) -> Sources:
    """Return the sources with the table columns to keep. Raises `RecognizerError` for a missing input or model."""
    if missing := sources.missing():
        raise RecognizerError(f"not found: {missing[0]}" if missing[0] else "An input is empty. Is a variable unset?")
    if LIST in sources.inputs and sys.stdin.isatty():
        raise RecognizerError("No input. Name files, folders or archives, or pipe in a list of paths. See --help.")
    recognizer.load(reading.model)
    sources = replace(sources, kept=choose_columns(sources.headers(), keep, reading.ours))
    return sources.with_list_read() if force else sources  # the list may name a file that --force would overwrite


def refuse_resume_with_force(resume: bool, force: bool) -> None:
    if resume and force:
        raise OutputError("--resume continues a run and --force starts it over. Use one of them.")


def refuse_for_numbers(**outputs: str | None) -> None:
    """Raises `OutputError` for outputs that only digits have. outputs: by the name of their option."""
    for name in (name for name, value in outputs.items() if value is not None):
        option = f"--{name.replace('_', '-')}"
        raise OutputError(f"{option} is for single digits. Leave out {option} or --numbers.")


def refuse_shared_names(*outputs: str | None) -> None:
    """Raises `OutputError` if two outputs have the same name."""
    paths = [Path(output).absolute() for output in outputs if output]
    if len(set(paths)) < len(paths):
        raise OutputError(f"{paths[-1].name} is named for two outputs. Use different names.")


def refuse_overwriting(sources: Sources, *outputs: str | None) -> None:
    """Raises `OutputError` if an output is an input."""
    existing = [output for output in outputs if output and (is_url(output) or Path(output).exists())]
    for file in _input_names(sources) if existing else ():
        for output in existing:
            if _is_within(file, output):
                raise OutputError(f"{output} is among the inputs and would be overwritten. Name another output.")


def check_output(name: str | None, resume: bool, force: bool, reading: Reading) -> Output | None:
    """Return the output, ready to start or to continue. Raises `OutputError`."""
    if name is None and resume:
        raise OutputError("--resume needs --output, to know which run to continue.")
    if name is None:
        return None
    output = output_for(name, resume=resume, force=force, schema=reading.schema)
    if resume and output.state() is not OutputState.EMPTY:
        _refuse_other_columns(output)
        _refuse_another_model(output, ModelCard.read(reading.model or MODELS / SHIPPED).name)
    return output


def check_sort_into(name: str | None, sources: Sources) -> Path | None:
    """Return the folder for copies. Raises `OutputError` if the next run would read the copies."""
    if name == "":
        raise OutputError("--sort-into is empty. Is a variable unset?")
    if name is None:
        return None
    folder = _local_path(name).resolve()
    if folder.is_file():
        raise OutputError(f"{name} is a file. Name a folder.")
    for parent in filter(Path.is_dir, map(Path, filter(None, sources.inputs))):
        if folder.is_relative_to(parent.resolve()):
            raise OutputError(
                f"{name} is inside the input {parent}: the next run would read the copies. Name a folder outside it."
            )
    return Path(name)


def check_report(name: str | None, resume: bool, force: bool) -> Path | None:
    """Return the report's file. Raises `OutputError` if it already exists, or is something else."""
    if name is None:
        return None
    file = _local_path(name)
    if file.suffix.lower() not in (".html", ".htm"):
        raise OutputError(f"{file}: the name of a report must end in .html.")
    if file.is_dir() or not file.parent.is_dir():
        raise OutputError(f"{file} is a folder. Name a file." if file.is_dir() else _no_folder(file.parent))
    if not file.exists() or not file.stat().st_size:
        return file
    if not is_report(file):
        raise OutputError(f"{file} is not a report of this program. Name another file.")
    if not resume and not force:
        raise OutputError(f"{file} already exists. Add --force to replace it, or name another file.")
    return file


def _input_names(sources: Sources) -> Iterator[str]:
    """The inputs as typed, with the files of each pattern in its place."""
    for name in sources.inputs:
        if has_magic(name) and not is_url(name) and not Path(name).exists():
            yield from map(str, files_like(name))
        elif name != LIST:
            yield name


def _is_within(name: str, output: str) -> bool:
    """True if an input is the output, or one of its parts."""
    if is_url(name) or is_url(output):
        return f"{name.rstrip('/')}/".startswith(f"{output.rstrip('/')}/")
    file, other = Path(name), Path(output)
    if not file.exists():
        return False
    return file.samefile(other) or (other.is_dir() and file.resolve().is_relative_to(other.resolve()))


def _refuse_other_columns(output: Output) -> None:
    batch, _ = next(output.read_rows(), (None, []))
    if batch and own_schema(batch.schema.names) is not output.ours:
        before, remedy = ("digits", "without") if output.ours is NUMBERS else ("numbers", "with")
        raise OutputError(
            f"{output.target} has rows of {before}. Resume {remedy} --numbers, or start over with --force."
        )
    if batch and not batch.schema.equals(output.schema):
        raise OutputError(
            f"{output.target} has these table columns: {_list_columns(batch.schema)}. This run would keep: "
            f"{_list_columns(output.schema)}. Resume with the same inputs and --keep, or start over with --force."
        )


def _list_columns(schema: pa.Schema) -> str:
    return (
        ", ".join(f"{field.name} ({field.type})" for field in list(schema)[len(own_schema(schema.names)) :]) or "none"
    )


def _refuse_another_model(output: Output, model: str) -> None:
    batch, _ = next(output.read_rows(["model"]), (None, []))
    names = set(batch.column("model").to_pylist()) - {None} if batch else set()
    if names - {model}:
        before = ", ".join(sorted(names))
        raise OutputError(
            f"{output.target} was read with the model {before}, not {model}. Add --model with that model's folder, "
            "or start over with --force."
        )


def _local_path(name: str) -> Path:
    if is_url(name):
        raise OutputError(f"{name}: copies and reports cannot be written to an object store. Name a local path.")
    return Path(name)


def _no_folder(folder: Path) -> str:
    return f"Folder does not exist: {folder}"
