"""The spread over seeds: what one configuration gives when it is trained again with other random numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from recognizer.card import ModelCard, Spread
from recognizer.errors import RecognizerError
from recognizer.evaluation.readme import write_card


def write_spread(folder: Path, others: Sequence[Path]) -> None:
    """Into the folder's `model.json` and its model card. Raises `RecognizerError` as `spread` does."""
    card = ModelCard.read(folder)
    write_card(folder, replace(card, spread=spread([card, *map(ModelCard.read, others)])))


def spread(cards: Sequence[ModelCard]) -> Spread:
    """Of the rows with a bar that random numbers move. Seeds that the first card tells of already stay.

    Raises `RecognizerError` where the cards differ in more than seed and name, share a seed, or were not measured.
    """
    first = cards[0]
    for card in cards:
        if not card.table:
            raise RecognizerError(f"seed {card.seed} was not measured: `evaluate_model FOLDER --write` does it")
        if different := differences(first.config, card.config) - {"seed", "name"}:
            raise RecognizerError(f"seed {card.seed} differs in {', '.join(sorted(different))} too: no spread")
    measured = {_seed(card): {row.row: row.value for row in card.table} for card in cards}
    if len(measured) < len(cards):
        raise RecognizerError(f"a spread needs different seeds, not {', '.join(str(card.seed) for card in cards)}")
    found = earlier_seeds(first) | measured
    seeds = sorted(found, key=lambda seed: (seed != first.seed, seed))
    rows = [row.row for row in first.table if row.bar is not None and row.group != "cost"]
    common = [row for row in rows if all(row in values for values in found.values())]
    return Spread(tuple(seeds), {row: tuple(found[seed][row] for seed in seeds) for row in common})


def earlier_seeds(card: ModelCard) -> dict[int, dict[str, float]]:
    """Each seed's value by row."""
    before = card.spread or Spread((), {})
    return {
        seed: {row: values[place] for row, values in before.rows.items()} for place, seed in enumerate(before.seeds)
    }


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) != other.get(name)}


def _seed(card: ModelCard) -> int:
    if card.seed is None:
        raise RecognizerError(f"{card.name} does not say its seed: no spread")
    return card.seed
