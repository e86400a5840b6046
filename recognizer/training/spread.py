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

    Raises `RecognizerError` where the cards differ in more than the seed, share one, or were not measured.
    """
    first = cards[0]
    for card in cards:
        if not card.get("table"):
            raise RecognizerError(f"seed {card['seed']} was not measured: `evaluate_model FOLDER --write` does it")
        if different := differences(first["config"], card["config"]) - {"seed"}:
            raise RecognizerError(f"seed {card['seed']} differs in {', '.join(sorted(different))} too: no spread")
    seeds = [card["seed"] for card in cards]
    if len(set(seeds)) < len(seeds):
        raise RecognizerError(f"a spread needs different seeds, not {', '.join(map(str, seeds))}")
    found = [{one["row"]: one["value"] for one in card["table"]} for card in cards]
    told = [one["row"] for one in first["table"] if one["bar"] is not None and one["group"] != "cost"]
    return {"seeds": seeds, "rows": {row: [values[row] for values in found] for row in told if all_have(row, found)}}


def differences(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) != other.get(name)}


def all_have(row: str, found: Sequence[dict[str, float]]) -> bool:
    return all(row in values for values in found)
