"""Lines of a text are told apart by their boxes."""

from recognizer.numbers.rows import rows_of


def digit(x: float, y: float, height: float = 10.0) -> tuple[float, float, float, float]:
    return (x, y, x + 6, y + height)


def test_one_line_may_rise_and_have_digits_of_unlike_heights():
    assert rows_of([digit(8 * place, -2.5 * place, 10 + place % 3) for place in range(9)]) == [list(range(9))]


def test_lines_come_from_top_to_bottom_and_boxes_in_their_order():
    boxes = [digit(0, 20), digit(0, 0), digit(8, 21), digit(8, 1)]
    assert rows_of(boxes) == [[1, 3], [0, 2]]


def test_small_marks_belong_to_the_nearest_line():
    hat, point, minus = (0, -3, 5, -1.5), (15, 9, 16, 10), (-8, 25, -3, 26)
    boxes = [digit(0, 0), digit(8, 0), digit(0, 20), hat, point, minus]
    assert rows_of(boxes) == [[0, 1, 3, 4], [2, 5]]


def test_small_marks_alone_make_a_line():
    assert rows_of([(0, 0, 0, 0), (3, 0, 3, 0)]) == [[0, 1]]
    assert rows_of([(0, 0, 5, 0)]) == [[0]]


def test_ten_thousand_boxes_take_no_long_time():
    many = [digit(0, 3.0 * place, 10 if place % 2 else 1) for place in range(10_000)]
    assert sum(map(len, rows_of(many))) == 10_000
