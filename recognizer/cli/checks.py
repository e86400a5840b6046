"""What is refused before anything is read: inputs that are not there, and outputs that would destroy something."""

import sys
from collections.abc import Iterator
from glob import has_magic
from pathlib import Path

import pyarrow as pa

import recognizer
from recognizer.bulk.inputs.folders import files_like
from recognizer.bulk.inputs.sources import LIST, Sources
from recognizer.bulk.items import is_url
from recognizer.bulk.kept import Kept
from recognizer.bulk.outputs.names import output_for
from recognizer.bulk.outputs.output import Output, OutputError, There
from recognizer.bulk.outputs.report import is_report
from recognizer.bulk.rows import SCHEMA
from recognizer.card import ModelCard
from recognizer.errors import RecognizerError
from recognizer.model import MODELS
from recognizer.recognizer import SHIPPED


def refuse(sources: Sources, model: Path | None) -> None:
    """What would only be found out later. Raises `RecognizerError`."""
    if missing := sources.missing():
        raise RecognizerError(f"not found: {missing[0] or 'a file without a name; is a variable unset?'}")
    if LIST in sources.inputs and sys.stdin.isatty():
        raise RecognizerError("name what to read: files, folders, archives; --help says more")
    recognizer.load(model)


def refuse_both(resume: bool, force: bool) -> None:
    if resume and force:
        raise OutputError("--resume continues a run and --force starts it over. Use one of them.")


def refuse_one_for_two(*outputs: str | None) -> None:
    """Raises `OutputError` where an output is another output, too."""
    named = [Path(one).absolute() for one in outputs if one]
    if len(set(named)) < len(named):
        raise OutputError(f"{named[-1].name} cannot hold two things; name another")


def refuse_overwriting(sources: Sources, *outputs: str | None) -> None:
    """Raises `OutputError` where an output is an input."""
    there = [one for one in outputs if one and (is_url(one) or Path(one).exists())]
    for file in _typed(sources) if there else ():
        for output in there:
            if _is_within(file, output):
                raise OutputError(f"{output} is among the inputs and would be overwritten. Name another output.")


def checked_output(name: str, resume: bool, force: bool, model: Path | None, kept: Kept) -> Output:
    """The output, which can be begun or gone on with. Raises `OutputError`."""
    output = output_for(name, resume=resume, force=force, schema=kept.schema)
    if resume and output.there() is not There.NOTHING:
        _refuse_other_columns(output)
        _refuse_another_model(output, ModelCard.read(model or MODELS / SHIPPED).name)
    return output


def checked_copies(name: str | None, sources: Sources) -> Path | None:
    """Folder of copies, which must not become inputs of the next run."""
    if name == "":
        raise OutputError("--sort-into has no name; is a variable unset?")
    if name is None:
        return None
    folder = _here(name).resolve()
    if folder.is_file():
        raise OutputError(f"{name} is a file. Name a folder.")
    for one in filter(Path.is_dir, map(Path, sources.inputs)):
        if folder.is_relative_to(one.resolve()):
            raise OutputError(
                f"{name} lies in {one}, and the copies would be read by the next run; name another folder"
            )
    return Path(name)


def checked_page(name: str, resume: bool, force: bool) -> Path:
    """File of a report. Raises `OutputError` where there is a page already, or something else."""
    file = _here(name)
    if file.suffix.lower() not in (".html", ".htm"):
        raise OutputError(f"{file}: a report is a page, FILE.html")
    if file.is_dir() or not file.parent.is_dir():
        raise OutputError(f"{file} is a folder" if file.is_dir() else f"Folder does not exist: {file.parent}")
    if not file.exists() or not file.stat().st_size:
        return file
    if not is_report(file):
        raise OutputError(f"{file} is not a report of this program. Name another file.")
    if not resume and not force:
        raise OutputError(f"{file} already exists. Add --force to replace it, or name another file.")
    return file


def _typed(sources: Sources) -> Iterator[str]:
    """What is typed, patterns as the files that they stand for."""
    for one in sources.inputs:
        if has_magic(one) and not is_url(one) and not Path(one).exists():
            yield from map(str, files_like(one))
        elif one != LIST:
            yield one


def _is_within(name: str, output: str) -> bool:
    """Whether an input is the output, or one of its parts."""
    if is_url(name) or is_url(output):
        return f"{name.rstrip('/')}/".startswith(f"{output.rstrip('/')}/")
    file, other = Path(name), Path(output)
    if not file.exists():
        return False
    return file.samefile(other) or (other.is_dir() and file.resolve().is_relative_to(other.resolve()))


def _refuse_other_columns(output: Output) -> None:
    batch, _ = next(output.earlier(), (None, []))
    if batch and not batch.schema.equals(output.schema):
        raise OutputError(
            f"{output.target} keeps these columns of tables: {_told_columns(batch.schema)}. This run would keep: "
            f"{_told_columns(output.schema)}. Resume with the same inputs and --keep, or start over with --force."
        )


def _told_columns(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} ({field.type})" for field in list(schema)[len(SCHEMA) :]) or "none"


def _refuse_another_model(output: Output, model: str) -> None:
    batch, _ = next(output.earlier(["model"]), (None, []))
    names = set(batch.column("model").to_pylist()) - {None} if batch else set()
    if names - {model}:
        read = ", ".join(sorted(names))
        raise OutputError(f"{output.target} was read by {read}, not {model}; go on with --model, or start anew")


def _here(name: str) -> Path:
    if is_url(name):
        raise OutputError(f"{name}: copies and reports are put into folders of this machine")
    return Path(name)
