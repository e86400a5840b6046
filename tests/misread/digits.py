"""Our own drawings of digits in commonly misread shapes that a person reads at a glance. Names start with the digit."""

from tests.golden.drawings import Drawing, arc, slanted
from tests.misread.shapes import curve, cut_gap, draw_with_mouse, line, on_grid, scale, tilt

ZEROS: dict[str, Drawing] = {
    "0 slashed": [arc(50, 70, 40, 66, -90, -450), line("76,22 24,118")],
    "0 slashed past its outline": [arc(50, 70, 36, 60, -90, -450), line("96,8 6,130")],
    "0 slashed the other way": [arc(50, 70, 38, 64, -90, -450), line("24,26 76,116")],
    "0 slashed flatly": [arc(50, 70, 38, 66, -90, -450), line("86,46 14,96")],
    "0 narrow": [arc(50, 70, 22, 66, -90, -450)],
    "0 very narrow": [arc(50, 70, 16, 66, -90, -450)],
    "0 narrow and leaning": slanted([arc(50, 70, 22, 66, -90, -450)], 0.3),
    "0 with an open top": [arc(50, 70, 38, 64, -60, -390)],
    "0 with an open top, ends apart": [curve("40,8 18,30 10,72 24,118 52,132 80,112 88,66 76,24 62,10")],
    "0 with ends that cross": [curve("62,2 34,10 14,44 14,94 42,130 76,112 86,66 70,24 36,6")],
    "0 with a tail inside": [curve("54,6 22,26 10,74 28,122 58,130 84,96 82,44 56,8 48,28")],
    "0 wide": [arc(70, 70, 68, 56, -90, -450)],
    "0 tilted": tilt([arc(50, 70, 30, 66, -90, -450)], 20),
    "0 of few corners": [line("50,4 18,24 8,76 26,126 60,134 88,104 90,44 70,12 50,4")],
    "0 shaped like an egg": [curve("50,4 28,30 10,84 26,126 56,134 86,112 84,70 66,24 50,4")],
    "0 of two arcs": [curve("54,2 20,24 10,72 24,120 52,136"), curve("48,4 82,26 90,72 76,120 46,132")],
}
ONES: dict[str, Drawing] = {
    "1 plain, leaning right": slanted([line("50,4 50,136")], 0.25),
    "1 plain, leaning far right": slanted([line("50,4 50,136")], 0.45),
    "1 plain, leaning left": slanted([line("50,4 50,136")], -0.2),
    "1 slightly bowed": [curve("58,4 52,46 50,92 54,136")],
    "1 with a flag": [line("28,38 56,5 56,136")],
    "1 with a short flag": [line("40,24 56,5 56,136")],
    "1 with a long flag": [line("14,58 58,5 58,136")],
    "1 with a curved flag": [[*curve("20,46 42,32 57,5"), *line("57,70 57,136")]],
    "1 with a flag, leaning": slanted([line("28,40 56,5 56,136")], 0.2),
    "1 with a flag, leaning back": slanted([line("26,36 56,5 56,136")], -0.12),
    "1 with a flag of its own": [line("56,5 56,136"), line("55,7 24,40")],
    "1 with a flag that does not touch": [line("26,42 50,14"), line("57,5 57,136")],
    "1 with a flag and a base": [line("30,34 54,5 54,135"), line("26,135 82,135")],
    "1 with a flag and a wide base": [line("30,34 54,5 54,135"), line("8,135 98,134")],
    "1 with a long flag and a base": [line("18,50 54,5 54,135"), line("22,135 86,134")],
    "1 with a flag and a slanted base": [line("32,32 54,5 53,134"), line("22,138 84,130")],
    "1 with a flag and a base, in one stroke": [line("32,32 54,5 54,134 26,135 84,134")],
    "1 with a flag and a base, leaning": slanted([line("30,34 54,5 54,135"), line("26,135 82,135")], 0.15),
    "1 with a base": [line("52,5 52,135"), line("24,135 80,135")],
    "1 with a serif": [line("34,12 56,8 56,134"), line("34,134 78,134")],
    "1 with a very long flag": [line("16,84 54,5 54,136")],
    "1 with a flag and a base that do not touch": [line("28,36 48,14"), line("54,5 54,126"), line("24,136 84,136")],
    "1 with a base, leaning": slanted([line("52,5 52,135"), line("24,135 80,135")], 0.25),
    "1 with a flag, in a wandering line": [curve("24,40 44,20 58,4 54,40 60,80 54,136")],
}
TWOS: dict[str, Drawing] = {
    "2 with a loop": [curve("16,34 34,8 66,10 76,38 56,82 26,118 12,124 14,108 32,108 56,124 92,126")],
    "2 with a large loop": [curve("16,36 36,8 68,12 76,42 56,88 24,126 6,118 18,98 42,108 66,128 96,122")],
    "2 with a small loop": [curve("18,30 40,6 70,14 74,44 46,94 18,128 12,120 24,116 52,128 90,126")],
    "2 with a straight base": [[*curve("14,34 32,8 64,8 78,34 62,72 12,132"), *line("92,132")]],
    "2 almost like a Z": [[*curve("14,22 36,8 66,8 80,26 72,50"), *line("14,132 92,130")]],
    "2 with a wavy base": [curve("16,36 34,8 66,10 74,40 50,88 16,128 38,120 66,132 94,122")],
    "2 like a swan": [curve("18,40 30,12 58,4 78,26 70,62 42,104 12,132 40,126 92,130")],
    "2 of few corners": [line("14,34 34,8 68,10 78,40 52,84 12,132 92,132")],
    "2 with a short base": [[*curve("16,36 34,8 66,10 76,40 54,86 16,132"), *line("70,132")]],
    "2 with a curled start": [[*curve("30,38 18,28 30,10 62,6 80,32 64,74 14,132"), *line("92,132")]],
    "2 broad": [[*curve("6,44 28,14 84,10 108,36 84,74 8,130"), *line("122,130")]],
    "2 whose base starts anew": [curve("14,34 34,8 66,10 76,40 54,86 18,130"), line("12,132 92,128")],
    "2 with a loop and a falling base": [curve("18,30 40,6 72,16 70,50 36,104 14,112 16,92 40,100 66,126 90,140")],
    "2 with a neck that bends back": [curve("20,20 54,2 82,26 64,54 30,84 16,120 44,130 90,126")],
}
THREES: dict[str, Drawing] = {
    "3 with a flat top": [[*line("14,8 82,8 40,56"), *curve("40,56 70,62 84,92 66,126 34,132 10,118")]],
    "3 with a flat top and a steep neck": [
        [*line("18,8 78,8 48,56"), *curve("48,56 74,66 82,96 62,128 30,132 10,120")]
    ],
    "3 angular": [line("14,12 80,12 38,62 84,84 70,124 12,132")],
    "3 of two angles": [line("16,8 80,36 34,64 84,98 16,134")],
    "3 of few corners": [line("18,18 44,4 76,20 72,50 42,64 76,80 82,112 50,134 14,120")],
    "3 with a loop in the middle": [curve("14,22 44,4 76,22 66,54 40,68 34,58 50,60 80,82 78,118 44,134 10,120")],
    "3 with a small top": [curve("26,16 46,4 64,18 56,40 38,48 72,58 90,92 66,130 30,132 8,112")],
    "3 with a large top": [curve("8,26 40,2 80,22 76,62 36,80 66,86 74,110 50,134 18,128")],
    "3 with a long tail": [curve("18,18 48,4 74,22 62,50 38,58 72,70 78,104 46,130 0,134")],
    "3 with a curled start": [curve("30,30 18,24 28,8 58,4 78,26 62,54 36,62 70,72 82,104 54,132 14,122")],
    "3 of two arcs that do not meet": [
        curve("16,20 44,4 76,22 68,48 38,60"),
        curve("42,66 74,78 80,108 50,134 12,120"),
    ],
    "3 leaning": slanted([curve("16,20 46,4 74,22 64,50 36,62 72,72 82,104 50,134 12,120")], 0.25),
    "3 with a flat top, of few corners": [line("12,10 84,8 44,52 80,70 78,112 44,134 10,118")],
    "3 with a shallow waist": [curve("14,26 44,4 76,26 66,58 54,66 78,82 82,108 50,134 12,116")],
}
FOURS: dict[str, Drawing] = {
    "4 open": [line("28,8 16,82 90,82"), line("70,30 66,136")],
    "4 open, its sides upright": [line("16,8 16,76 92,76"), line("72,8 72,136")],
    "4 open, its stem slanted": [line("36,6 12,84 92,80"), line("80,24 52,136")],
    "4 open, its left side curved": [curve("26,8 16,44 20,76 48,82 88,76"), line("76,12 66,136")],
    "4 open like a cup with a stem": [curve("18,8 12,44 22,72 50,74 74,58"), line("80,6 74,70 70,136")],
    "4 open with a short left side": [line("22,36 16,82 92,82"), line("68,6 64,136")],
    "4 open, its bar ending at the stem": [line("22,8 14,78 72,78"), line("74,10 72,136")],
    "4 open, in one stroke": [[*curve("20,8 12,60 24,76 52,74 74,56 80,8"), *line("74,70 68,136")]],
    "4 open and wide": [line("24,10 6,80 124,80"), line("92,14 84,136")],
    "4 open with a low bar": [line("30,6 14,104 92,102"), line("70,40 66,138")],
    "4 open, leaning": slanted([line("24,8 14,80 90,80"), line("68,14 66,136")], 0.25),
    "4 closed with a bent stem": [[*line("62,6 10,92 92,90")], curve("62,6 70,44 66,90 54,136")],
    "4 closed with a bowed stem": [line("60,6 12,88 94,86"), curve("60,6 56,60 60,104 74,134")],
    "4 closed with a slanted stem": [line("74,6 10,92 94,92"), line("74,6 46,136")],
    "4 closed without an overhang": [line("68,136 66,6 10,90 70,90")],
    "4 closed and narrow": [line("54,136 54,6 24,92 74,92")],
    "4 closed, in one stroke": [line("12,90 64,6 66,136"), line("12,90 94,88")],
    "4 with a peak left open": [line("48,10 12,90 94,88"), line("66,20 64,136")],
    "4 open, its top wide": [line("6,10 14,76 94,74"), line("90,8 74,136")],
    "4 open, its stem apart": [line("26,10 12,78 60,78"), line("76,26 72,136")],
    "4 closed by a curve": [curve("68,8 36,34 12,74 20,88 56,86 92,84"), line("68,8 64,136")],
}
FIVES: dict[str, Drawing] = {
    "5 with a detached bar": [
        [*line("30,20 26,62"), *curve("26,62 56,54 82,84 66,124 36,134 12,122")],
        line("40,8 86,6"),
    ],
    "5 with a bar far off": [
        [*line("28,24 24,66"), *curve("24,66 54,58 78,88 62,126 34,134 10,122")],
        line("42,4 92,0"),
    ],
    "5 with a slanted detached bar": [
        [*line("30,16 24,64"), *curve("24,64 56,56 80,86 64,124 34,134 10,122")],
        line("36,12 88,-4"),
    ],
    "5 with a long bar": [[*line("22,10 20,62"), *curve("20,62 48,54 74,84 60,124 32,134 8,122")], line("22,10 102,8")],
    "5 with a bar to both sides": [
        [*line("32,10 26,64"), *curve("26,64 56,54 82,86 66,124 36,134 12,122")],
        line("16,10 88,8"),
    ],
    "5 in one stroke": [[*line("84,8 32,9 26,62"), *curve("26,62 56,52 84,84 68,124 38,134 12,122")]],
    "5 like an S": [curve("82,14 52,6 28,18 26,46 52,62 80,84 76,116 46,134 12,122")],
    "5 without a corner": [curve("84,8 48,8 32,20 26,58 56,54 82,84 68,124 36,134 10,122")],
    "5 angular": [line("82,8 28,8 24,62 80,66 80,126 14,132")],
    "5 of few corners": [line("84,8 32,10 26,60 62,58 82,86 66,124 12,128")],
    "5 with a bowl that curls in": [
        [*line("84,8 34,8 26,60"), *curve("26,60 58,52 84,82 74,120 44,134 16,122 18,106")]
    ],
    "5 with a narrow bowl": [[*line("80,6 28,8 24,84"), *curve("24,84 54,74 76,98 62,128 34,134 12,124")]],
    "5 leaning": slanted(
        [[*line("30,10 26,62"), *curve("26,62 56,54 82,84 66,124 36,134 12,122")], line("30,10 84,8")],
        0.25,
    ),
    "5 with a bowl that sags": [[*line("84,8 34,8 30,70"), *curve("30,70 62,70 78,98 58,130 26,134 8,126")]],
}
SIXES: dict[str, Drawing] = {
    "6 with a short neck": [curve("58,26 32,48 18,88 32,126 62,130 84,102 70,76 42,76 20,94")],
    "6 with a very short neck": [curve("48,34 28,54 16,92 34,128 66,128 84,98 66,72 36,78 18,98")],
    "6 with a long neck": [curve("66,0 40,34 22,76 20,112 38,134 60,126 66,106 50,94 22,110")],
    "6 with a long straight neck": [[*line("66,0 22,94"), *curve("22,94 22,124 46,136 68,122 66,98 42,92 22,108")]],
    "6 with an upright neck": [[*line("22,2 20,92"), *curve("20,92 28,128 58,132 76,108 62,84 36,86 20,102")]],
    "6 almost closed": [curve("74,8 40,26 18,74 24,120 58,134 82,108 68,80 40,84 32,96")],
    "6 almost closed, its end outside": [curve("70,6 36,34 16,84 28,126 60,132 82,106 72,80 48,78 36,88")],
    "6 with a neck that hooks over": [curve("84,24 66,4 36,18 16,70 24,120 56,134 82,106 66,76 36,80 20,100")],
    "6 with a small loop": [curve("68,4 38,34 20,78 22,118 40,134 56,120 48,104 24,110")],
    "6 with a large loop": [curve("64,2 34,22 10,70 18,118 56,136 90,108 84,68 52,52 16,76")],
    "6 of few corners": [line("68,4 28,50 16,104 38,134 74,124 80,94 52,78 18,96")],
    "6 leaning": slanted([curve("62,4 32,36 16,84 26,126 58,132 78,108 66,82 38,82 18,100")], 0.25),
    "6 of two strokes": [curve("68,4 36,36 20,80 22,118"), curve("20,100 44,80 74,86 80,112 56,134 30,128 20,112")],
    "6 with a loop left open": [curve("70,4 36,36 16,88 30,130 66,128 80,98 58,76 38,86")],
    "6 with a bent neck": [line("72,6 40,22 20,62"), curve("20,62 18,108 42,134 74,122 78,92 52,76 20,94")],
}
SEVENS: dict[str, Drawing] = {
    "7 crossed": [line("12,10 86,10 42,136"), line("34,72 86,68")],
    "7 crossed low": [line("12,10 86,10 42,136"), line("30,88 80,86")],
    "7 crossed at a slant": [line("14,8 88,8 44,136"), line("34,84 90,58")],
    "7 crossed by a long bar": [line("12,10 86,10 42,136"), line("16,74 104,70")],
    "7 crossed by a short bar": [line("12,10 86,10 46,136"), line("50,72 80,70")],
    "7 crossed, its stem curved": [[*line("12,10 86,10"), *curve("86,10 62,58 50,98 48,136")], line("34,70 82,68")],
    "7 crossed, leaning": slanted([line("10,10 84,10 46,136"), line("34,72 84,70")], 0.2),
    "7 with a serif": [line("12,34 12,10 86,10 44,136")],
    "7 with a serif, crossed": [line("12,32 12,10 86,10 44,136"), line("36,74 84,70")],
    "7 with a long serif": [line("10,46 14,10 88,8 46,136")],
    "7 with a wavy top": [[*curve("10,24 24,8 46,14 68,16 88,8"), *line("46,136")]],
    "7 with a curved stem": [[*line("10,10 86,10"), *curve("86,10 60,52 46,94 42,136")]],
    "7 with a steep stem": [line("8,10 74,8 62,136")],
    "7 with a flat stem": [line("12,12 96,10 14,128")],
    "7 with a rounded corner": [curve("10,12 50,8 80,10 84,26 64,70 44,136")],
    "7 of two strokes": [line("12,10 84,10"), line("88,8 44,136")],
    "7 crossed high": [line("12,10 86,10 42,136"), line("44,52 92,50")],
    "7 crossed at a steep slant": [line("10,12 88,8 48,136"), line("44,96 86,52")],
    "7 with a serif and a curved stem, crossed": [
        [*line("10,36 14,12 86,10"), *curve("86,10 60,60 50,100 50,136")],
        line("34,76 84,70"),
    ],
}
EIGHTS: dict[str, Drawing] = {
    "8 as two circles": [arc(50, 34, 28, 30, -90, 270), arc(50, 100, 36, 35, -90, 270)],
    "8 as two circles, apart": [arc(50, 32, 27, 28, -90, 270), arc(50, 104, 33, 32, -90, 270)],
    "8 as two circles, side by side a little": [arc(54, 34, 27, 30, -90, 270), arc(46, 100, 35, 35, -90, 270)],
    "8 as two circles that overlap": [arc(50, 40, 28, 34, -90, 270), arc(50, 98, 34, 36, -90, 270)],
    "8 started in the middle": [curve("50,66 24,42 34,10 64,8 78,36 50,66 18,96 32,130 68,130 84,98 52,68")],
    "8 started in the middle, going down": [
        curve("48,66 80,92 72,128 34,132 16,98 46,66 76,36 60,8 32,12 26,40 50,68")
    ],
    "8 started at the right": [curve("80,22 54,4 26,20 32,50 66,78 82,108 52,136 20,112 32,80 66,50 80,24")],
    "8 with an open top": [curve("76,12 46,6 24,26 36,54 68,80 80,110 50,136 20,112 34,80 66,54 88,22")],
    "8 with a small top": [curve("58,10 42,8 36,24 50,42 76,70 84,106 50,136 16,106 24,70 52,42 64,24 58,10")],
    "8 with a large top": [curve("60,4 26,10 14,44 44,76 66,100 60,130 36,134 28,108 50,80 84,46 74,12 58,4")],
    "8 narrow": scale([arc(50, 36, 26, 30, -90, 270), arc(50, 101, 32, 34, -90, 270)], 0.6, 1),
    "8 leaning": slanted(
        [curve("80,22 54,4 26,20 32,50 66,78 82,108 52,136 20,112 32,80 66,50 80,24")],
        0.25,
    ),
    "8 of few corners": [line("72,14 40,4 22,28 76,88 76,122 44,136 18,112 30,84 78,40 72,14")],
    "8 with rings that do not meet": [arc(50, 30, 27, 26, -60, 280), arc(50, 106, 34, 32, -120, 230)],
    "8 that ends short": [curve("72,14 44,4 24,24 36,54 68,80 80,112 50,136 20,112 32,82 62,58 70,38")],
}
NINES: dict[str, Drawing] = {
    "9 with a curved tail": [curve("80,40 66,10 32,8 14,40 34,70 66,64 80,36 78,80 60,124 22,132")],
    "9 with a tail that curls up": [curve("78,38 64,8 32,8 16,38 34,66 64,62 78,34 80,82 70,122 42,136 16,120")],
    "9 with a long curved tail": [curve("76,34 62,8 34,8 18,34 34,58 62,54 76,30 76,78 54,122 4,134")],
    "9 with a straight tail": [[*curve("78,40 64,10 32,8 14,38 32,68 62,64 78,36"), *line("76,136")]],
    "9 with a straight, slanted tail": [[*curve("80,38 66,8 34,8 16,38 34,66 64,62 80,34"), *line("48,136")]],
    "9 with a tail of its own": [arc(46, 38, 32, 32, 0, 360), line("79,14 78,136")],
    "9 with a tail that leans back": [[*curve("70,40 58,10 28,8 10,38 28,68 56,62 70,34"), *line("90,136")]],
    "9 with a loop left open": [curve("74,16 44,4 16,28 24,62 54,66 78,44 82,22 78,82 70,136")],
    "9 with a small loop": [[*curve("74,26 62,6 40,10 34,32 52,46 72,34 76,16"), *line("70,136")]],
    "9 with a large loop": [[*curve("86,46 66,6 24,8 6,50 32,86 70,78 86,42"), *line("82,136")]],
    "9 with a short tail": [curve("82,48 66,8 28,10 10,50 32,84 68,78 82,46 80,84 64,112")],
    "9 of few corners": [line("78,34 56,6 22,16 14,48 38,68 74,56 80,22 74,134")],
    "9 leaning": slanted([[*curve("76,38 62,8 32,8 16,38 34,66 62,62 76,34"), *line("72,136")]], 0.25),
    "9 with a tail like a g's": [curve("80,38 64,8 30,8 14,36 34,60 64,54 80,30 82,90 72,128 40,136 10,118 12,104")],
    "9 with a loop left open and a curved tail": [
        curve("70,12 40,4 16,28 24,60 54,64 76,44 80,24 80,76 62,122 26,130")
    ],
    "9 with a flat loop": [curve("82,26 60,8 24,12 6,32 30,50 64,46 84,24 80,80 74,136")],
}
PLAIN = ZEROS | ONES | TWOS | THREES | FOURS | FIVES | SIXES | SEVENS | EIGHTS | NINES

GAPS: dict[str, Drawing] = {
    "0 with a gap at its foot": cut_gap(arc(50, 70, 38, 64, -90, -450), 0.44, 0.56),
    "2 with a gap before its base": cut_gap(TWOS["2 with a straight base"][0], 0.6, 0.68),
    "3 with a gap in its middle": cut_gap(THREES["3 of few corners"][0], 0.4, 0.5),
    "4 with a gap in its bar": [line("60,6 14,88"), line("30,90 92,88"), line("68,40 66,136")],
    "5 with a gap above its bowl": cut_gap(FIVES["5 in one stroke"][0], 0.38, 0.46),
    "6 with a gap in its loop": cut_gap(SIXES["6 with a neck that hooks over"][0], 0.72, 0.8),
    "7 with a gap at its corner": [line("12,10 72,10"), line("80,24 44,136")],
    "8 with a gap in its upper ring": [
        *cut_gap(arc(50, 34, 28, 30, -90, 270), 0.1, 0.22),
        arc(50, 100, 36, 35, -90, 270),
    ],
    "8 with a gap in its lower ring": [
        arc(50, 34, 28, 30, -90, 270),
        *cut_gap(arc(50, 100, 36, 35, -90, 270), 0.42, 0.54),
    ],
    "9 with a gap in its loop": cut_gap(NINES["9 with a straight tail"][0], 0.12, 0.2),
}
# A plain form of each digit, for variations that apply to all.
USUAL = [
    "0 with ends that cross",
    "1 with a flag and a base",
    "2 like a swan",
    "3 with a flat top",
    "4 open, its left side curved",
    "5 with a detached bar",
    "6 leaning",
    "7 crossed",
    "8 started at the right",
    "9 with a curved tail",
]
BENT: dict[str, Drawing] = {
    **{f"{name}, broad": scale(PLAIN[name], 1.7, 1) for name in USUAL},
    **{f"{name}, slender": scale(PLAIN[name], 0.55, 1) for name in USUAL},
    **{f"{name}, turned right": tilt(PLAIN[name], 18) for name in USUAL},
    **{f"{name}, turned left": tilt(PLAIN[name], -18) for name in USUAL},
    **{f"{name}, on a coarse grid": on_grid(PLAIN[name], 14) for name in USUAL},
}
# (drawing, how much it shakes, seed)
BY_MOUSE = [
    ("0 narrow", 1.4, 1),
    ("0 wide", 1.8, 2),
    ("1 with a flag", 1.4, 3),
    ("1 with a flag and a base", 1.4, 4),
    ("1 plain, leaning right", 1.4, 5),
    ("2 with a loop", 1.4, 6),
    ("2 with a straight base", 1.8, 7),
    ("3 with a flat top", 1.6, 8),
    ("3 leaning", 1.6, 9),
    ("4 open", 1.8, 10),
    ("4 closed with a bent stem", 1.8, 11),
    ("5 with a detached bar", 1.6, 12),
    ("5 in one stroke", 1.6, 13),
    ("6 with a long neck", 1.4, 14),
    ("6 leaning", 1.6, 15),
    ("7 crossed", 1.8, 16),
    ("7 with a serif", 1.6, 17),
    ("8 as two circles", 1.6, 18),
    ("8 started at the right", 1.6, 19),
    ("9 with a curved tail", 1.6, 20),
    ("9 with a straight tail", 1.6, 21),
]
DIGITS: dict[str, Drawing] = {
    **PLAIN,
    **GAPS,
    **BENT,
    **{f"{name}, by a shaky mouse": draw_with_mouse(PLAIN[name], shake, seed) for name, shake, seed in BY_MOUSE},
    **{
        f"{name}, by a very shaky mouse": draw_with_mouse(PLAIN[name], 2.6, 40 + seed)
        for seed, name in enumerate(USUAL)
    },
}
