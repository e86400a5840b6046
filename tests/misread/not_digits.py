"""Our own drawings that are not a digit, almost blank, or halfway between two digits."""

from tests.golden.drawings import Drawing, arc
from tests.misread.digits import PLAIN
from tests.misread.shapes import curve, draw_with_mouse, line, move


def beside(*names: str) -> Drawing:
    """Several digits in a row."""
    return [stroke for place, name in enumerate(names) for stroke in move(PLAIN[name], 120 * place)]


# Letters that look like digits are left out: B b g I i l O o q S s Z z.
NOT_DIGITS: dict[str, Drawing] = {
    "letter A": [line("8,136 50,4 92,136"), line("24,92 76,92")],
    "letter E": [line("84,6 18,6 18,134 86,134"), line("18,70 72,70")],
    "letter F": [line("84,6 20,6 20,136"), line("20,68 70,68")],
    "letter H": [line("14,4 14,136"), line("86,4 86,136"), line("14,70 86,70")],
    "letter K": [line("18,4 18,136"), line("84,6 18,74"), line("38,58 88,136")],
    "letter M": [line("6,136 14,4 50,90 86,4 94,136")],
    "letter N": [line("14,136 14,4 86,136 86,4")],
    "letter R": [line("18,136 18,6"), curve("18,6 62,6 82,34 60,66 18,70"), line("46,70 86,136")],
    "letter T": [line("6,6 94,6"), line("50,6 50,136")],
    "letter W": [line("2,4 24,136 50,40 76,136 98,4")],
    "letter X": [line("10,4 90,136"), line("90,4 10,136")],
    "heart": [curve("50,40 36,14 10,18 6,50 26,88 50,126"), curve("50,40 64,14 90,18 94,50 74,88 50,126")],
    "star": [line("50,2 78,92 2,36 98,36 22,92 50,2")],
    "smiley": [
        arc(50, 50, 48, 48, 0, 360),
        arc(34, 36, 4, 4, 0, 360),
        arc(66, 36, 4, 4, 0, 360),
        arc(50, 54, 26, 22, 20, 160),
    ],
    "house": [line("10,60 10,130 90,130 90,60"), line("2,64 50,8 98,64"), line("42,130 42,92 62,92 62,130")],
    "tick": [line("4,70 34,108 110,6")],
    "cross": [line("10,10 100,100"), line("100,10 10,100")],
    "arrow to the right": [line("2,50 120,50"), line("86,18 122,50 86,82")],
    "arrow upwards": [line("50,136 50,4"), line("14,44 50,2 86,44")],
    "hash": [line("34,6 26,130"), line("76,6 68,130"), line("6,46 98,46"), line("2,92 94,92")],
    "plus": [line("50,10 50,110"), line("0,60 100,60")],
    "question mark": [curve("16,34 34,8 66,10 78,36 54,66 48,96"), line("48,126 49,134")],
    "equals sign": [line("4,40 100,40"), line("4,84 100,84")],
    "ampersand": [curve("92,134 40,56 32,24 52,6 68,24 54,50 18,84 14,116 42,134 74,112 92,76")],
    "spiral": [curve("52,70 60,64 64,76 50,86 36,72 46,50 72,52 84,78 66,108 30,104 10,70 26,30 70,18 108,50 112,90")],
    "square within a square": [line("4,4 104,4 104,104 4,104 4,4"), line("34,34 74,34 74,74 34,74 34,34")],
    "wave": [curve("0,50 20,20 40,50 60,80 80,50 100,20 120,50 140,80 160,50")],
    "scribble to and fro": [line("4,20 96,34 6,48 98,60 4,76 94,88 8,104 98,116 10,130")],
    "scribble round and round": [
        curve(
            "50,20 90,60 40,110 8,50 70,14 104,80 30,124 0,70 60,4 96,50 60,120 14,90 30,24 88,30 76,104 20,110 50,20"
        )
    ],
    "scribble by a shaky mouse": draw_with_mouse([line("4,20 96,44 6,58 98,90 4,96 94,30 8,124 98,116")], 3, 1),
    "word of loops": [[point for x in range(0, 200, 45) for point in arc(x, 0, 24, 50, 90, 450)]],
}

SEVERAL: dict[str, Drawing] = {
    "12": beside("1 with a flag", "2 with a straight base"),
    "35": beside("3 with a flat top", "5 in one stroke"),
    "70": beside("7 crossed", "0 of two arcs"),
    "48": beside("4 open", "8 as two circles"),
    "11": beside("1 with a flag", "1 with a flag"),
    "2026": beside("2 like a swan", "0 wide", "2 like a swan", "6 leaning"),
}

# Accidental marks on the page's canvas, in CSS px.
BLANKS: dict[str, Drawing] = {
    "nothing": [],
    "a stroke without points": [[]],
    "a click": [line("120,90")],
    "the same point again and again": [line("120,90 120,90 120,90")],
    "a dot that slipped": [line("120,90 123,92 124,91")],
    "two clicks side by side": [line("120,90"), line("125,93")],
    "a speck of ink": [arc(60, 60, 3, 3, 0, 360)],
}


# Keyed by the two digits between which a person would hesitate.
BETWEEN: dict[str, Drawing] = {
    "1 or 7, a flag nearly level": [line("10,30 64,8 54,136")],
    "1 or 7, a flag as long as half the stem": [line("6,44 66,6 60,136")],
    "4 or 9, a loop of corners nearly closed": [line("48,10 26,14 18,46 26,70 72,66"), line("76,10 70,136")],
    "4 or 9, a round cup nearly closed": [curve("44,8 24,20 16,48 32,70 72,62"), line("74,10 70,136")],
    "0 or 6, a neck hardly there": [curve("64,4 30,26 12,78 26,124 56,134 86,104 80,58 54,28 40,22")],
    "0 or 6, a ring that starts inside": [curve("70,6 34,24 14,74 26,122 56,134 86,106 84,64 60,40 34,44")],
    "3 or 8, a waist that nearly closes": [
        curve("30,36 22,24 44,4 74,20 66,50 44,64 76,82 80,112 48,134 22,118 26,98 38,88")
    ],
    "3 or 8, both bows nearly closed": [
        curve("34,46 24,28 46,4 74,22 66,52 42,66 76,84 80,112 48,134 20,112 30,84 38,78")
    ],
    "5 or 6, a bowl that nearly closes": [
        [*line("60,6 36,14 22,70"), *curve("22,70 56,58 82,88 66,126 36,134 18,112 20,92")]
    ],
    "5 or 6, a neck with a slight corner": [
        [*line("64,6 42,14 24,72"), *curve("24,72 56,64 80,92 64,126 38,132 20,114 22,90")]
    ],
}
