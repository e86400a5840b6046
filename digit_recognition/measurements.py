"""What a card names, its rows, grids and kinds of paper, in the visitor's language.

A card is English. What a model from elsewhere names otherwise stays as it is written there.
"""

import re

from django.utils.translation import gettext, gettext_noop

NAMES = (
    gettext_noop("mnist-test"),
    gettext_noop("mnist-test, as it is"),
    gettext_noop("mnist-test, through the pixels door"),
    gettext_noop("pendigits-test"),
    gettext_noop("pendigits-test, strokes"),
    gettext_noop("pendigits-test, drawn and sent as PNG"),
    gettext_noop("uji-digits"),
    gettext_noop("hwd1000"),
    gettext_noop("mchaver"),
    gettext_noop("canvas grid"),
    gettext_noop("canvas grid, its centre"),
    gettext_noop("canvas grid, worst cell below the centre"),
    gettext_noop("two doors, share that differs"),
    gettext_noop("two doors, answers that differ, mean"),
    gettext_noop("two doors, answers that differ, worst cell"),
    gettext_noop("error under shot noise"),
    gettext_noop("error under impulse noise"),
    gettext_noop("error under glass blur"),
    gettext_noop("error under motion blur"),
    gettext_noop("error under shear"),
    gettext_noop("error under scale"),
    gettext_noop("error under rotate"),
    gettext_noop("error under brightness"),
    gettext_noop("error under translate"),
    gettext_noop("error under stripe"),
    gettext_noop("error under fog"),
    gettext_noop("error under spatter"),
    gettext_noop("error under dotted line"),
    gettext_noop("error under zigzag"),
    gettext_noop("error under canny edges"),
    gettext_noop("corruptions, mean error"),
    gettext_noop("AUROC against not-digits, all"),
    gettext_noop("AUROC against not-digits, uji-letters"),
    gettext_noop("AUROC against not-digits, omniglot"),
    gettext_noop("AUROC against not-digits, cats"),
    gettext_noop("digits declined"),
    gettext_noop("not-digits accepted, all"),
    gettext_noop("not-digits accepted, uji-letters"),
    gettext_noop("not-digits accepted, omniglot"),
    gettext_noop("not-digits accepted, cats"),
    gettext_noop("ECE, mnist-test, as it is"),
    gettext_noop("ECE, mnist-test, through the pixels door"),
    gettext_noop("ECE, pendigits-test, strokes"),
    gettext_noop("size of model.onnx"),
    gettext_noop("one prediction, strokes of 100 segments"),
    gettext_noop("one prediction, picture of 280 × 280 px"),
    # papers
    gettext_noop("light"),
    gettext_noop("dark"),
    gettext_noop("transparent"),
    gettext_noop("coloured"),
    gettext_noop("gray with a shadow"),
)

CELL = re.compile(r"(?P<size>[^,]+), pen (?P<pen>[^,]+)(?:, (?P<paper>.+))?")


def named(name: str) -> str:
    """A row, a set, a grid or a paper."""
    return gettext(name.replace("_", " ")) if name else ""


def cell_of(where: str) -> str:
    """A grid's cell: "30 px, pen 2 px, gray with a shadow", or without a paper."""
    if not (cell := CELL.fullmatch(where)):
        return where
    size, pen, paper = cell.groups()
    if paper is None:
        return gettext("%(size)s, pen %(pen)s") % {"size": size, "pen": pen}
    return gettext("%(size)s, pen %(pen)s, %(paper)s") % {"size": size, "pen": pen, "paper": named(paper)}
