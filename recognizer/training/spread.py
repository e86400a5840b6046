"""The spread over seeds: what one configuration gives when it is trained again with other random numbers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from recognizer.errors import RecognizerError
from recognizer.model import read_card
from recognizer.training.card import write_card


def write_spread(folder: Path, others: Sequence[Path]) -> None:
    """Into the folder's `model.json` and its model card. Raises `RecognizerError` as `spread` does."""
    card = read_card(folder)
    write_card(folder, card | {"spread": spread([card, *map(read_card, others)])})


def spread(cards: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """{"seeds": [1, 2, …], "rows": {row: [its value by each seed]}}, of the rows with a bar that random numbers move.

    The first card's seed comes first; other seeds that it tells of already stay. Raises `RecognizerError` where the
    cards differ in more than seed and name, share a seed, or were not measured.
    """
    first = cards[0]
    for card in cards:
        if not card.get("table"):
            raise RecognizerError(f"seed {card['seed']} was not measured: `evaluate_model FOLDER --write` does it")
        if different := differences(first["config"], card["config"]) - {"seed", "name"}:
            raise RecognizerError(f"seed {card['seed']} differs in {', '.join(sorted(different))} too: no spread")
    measured = {card["seed"]: {one["row"]: one["value"] for one in card["table"]} for card in cards}
    if len(measured) < len(cards):
        raise RecognizerError(f"a spread needs different seeds, not {', '.join(str(card['seed']) for card in cards)}")
    found = told_before(first) | measured
    seeds = sorted(found, key=lambda seed: (seed != first["seed"], seed))
    rows = [one["row"] for one in first["table"] if one["bar"] is not None and one["group"] != "cost"]
    common = [row for row in rows if all(row in values for values in found.values())]
    return {"seeds": seeds, "rows": {row: [found[seed][row] for seed in seeds] for row in common}}


def told_before(card: dict[str, Any]) -> dict[int, dict[str, float]]:
    """Each seed's value by row."""
    before = card.get("spread", {"seeds": [], "rows": {}})
    return {
        seed: {row: values[place] for row, values in before["rows"].items()}
        for place, seed in enumerate(before["seeds"])
    }


def differences(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) != other.get(name)}
