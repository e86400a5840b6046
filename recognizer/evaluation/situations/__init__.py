"""Pictures of handwritten digits as they come: photos, scans, forms, desks. Drawn by code; they never train a model.

`SITUATIONS` holds them by name. `draw(name, number)` returns the same picture each time.
"""

from recognizer.evaluation.situations.situation import GROUPS, SITUATIONS, Case, Situation, draw

__all__ = ["GROUPS", "SITUATIONS", "Case", "Situation", "draw"]
