"""Reads the drawn situations: `python -m benchmarks.situations [N [WORD]]`, about five minutes for N = 60 on one core.

Prints a line for each situation whose group or name holds WORD: of N pictures, how many are right, declined, wrong, and
wrong at a confidence of 0.9 or more. A line ends with `<` unless all is as it is wanted. If something was chosen by the
first pictures, test it on others: `--start 1000`.

    --sheets FOLDER         a contact sheet of each situation: 20 pictures, and below each what the network saw
    --save FILE             the counts as JSON
    --vs FILE               beside them, the counts of an earlier run
    --table BEFORE AFTER    read nothing; print the table for docs/pictures_measured.md from two saved files
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import recognizer
from benchmarks.contact_sheets import contact_sheet
from recognizer.evaluation.situations import SITUATIONS, Situation
from recognizer.evaluation.situations.results import Result, count, read, total
from recognizer.evaluation.situations.situation import Wanted
from recognizer.recognizer import Recognizer

MOST_SHOWN = 20
COUNTS = ("right", "declined", "wrong", "surely_wrong")
HEADS = ("right", "decl.", "wrong", "sure")
Results = dict[str, Result]  # by situation


def main() -> None:
    given = arguments()
    if given.table:
        print(*markdown(*(load(file) for file in given.table)), sep="\n")
        return
    before = load(given.vs) if given.vs else {}
    print(head(bool(before)))
    results = measure(given, before)
    for wanted in get_args(Wanted):
        same = [result for name, result in before.items() if name in results]
        print(line("total", "", total(list(results.values()), wanted), total(same, wanted) if before else None))
    if given.save:
        given.save.write_text(json.dumps({name: asdict(result) for name, result in results.items()}, indent=1))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("n", nargs="?", type=int, default=60)
    parser.add_argument("word", nargs="?", default="")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--model", type=Path, help="the folder of another model")
    for name in ("--sheets", "--save", "--vs"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--table", type=Path, nargs=2)
    return parser.parse_args()


def load(file: Path) -> Results:
    return {name: Result(**counts) for name, counts in json.loads(file.read_text()).items()}


def measure(given: argparse.Namespace, before: Results) -> Results:
    reader, results = recognizer.load(given.model), {}
    for situation in SITUATIONS.values():
        if given.word in f"{situation.group} {situation.name}":
            numbers = range(given.start, given.start + given.n)
            results[situation.name] = result = measure_one(reader, situation, numbers, given.sheets)
            print(line(situation.group, situation.name, result, before.get(situation.name)), flush=True)
    return results


def measure_one(reader: Recognizer, situation: Situation, numbers: range, sheets: Path | None) -> Result:
    cases, predictions = read(reader, situation.name, numbers)
    if sheets:
        sheets.mkdir(parents=True, exist_ok=True)
        name = f"{situation.group} {situation.name}".replace(" ", "_")
        contact_sheet(cases[:MOST_SHOWN], predictions[:MOST_SHOWN]).save(sheets / f"{name}.png")
    return count(cases, predictions)


def head(compared: bool) -> str:
    heads = "".join(f"{name:>6}" for name in HEADS)
    return f"{'group':9}{'situation':38}{'wanted':>9}{'n':>6}{heads}{' | earlier:' + heads if compared else ''}"


def line(group: str, name: str, result: Result, before: Result | None) -> str:
    change = result.right - before.right if before else 0
    earlier = f" |         {_counts(before)}{f'{change:+}' if change else '':>5}" if before else ""
    several = f"  {result.several} as several digits" if result.several else ""
    mark = "" if result.holds else " <"
    return f"{group:9}{name:38}{result.wanted:>9}{result.n:6}{_counts(result)}{earlier}{several}{mark}".rstrip()


def _counts(result: Result) -> str:
    return "".join(f"{getattr(result, name):6}" for name in COUNTS)


def markdown(before: Results, after: Results) -> list[str]:
    """Return a table of the situations that both runs read, and the totals."""
    lines = [
        "| situation | wanted | n | right | declined | wrong | before: right | declined | wrong |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    both = [name for name in after if name in before]
    lines += [_row(name, after[name], before[name]) for name in both]
    for wanted in get_args(Wanted):
        sums: Sequence[Result] = [total([run[name] for name in both], wanted) for run in (after, before)]
        lines.append(_row("**all**", *sums))
    return lines


def _row(name: str, after: Result, before: Result) -> str:
    counts = [f"{getattr(result, count):,}" for result in (after, before) for count in COUNTS[:3]]
    if after.wanted == "declined":
        counts[0] = counts[3] = "-"  # to decline is right
    return f"| {name} | {after.wanted} | {after.n:,} | {' | '.join(counts)} |"


if __name__ == "__main__":
    main()
