"""Examples to try are drawn stroke by stroke, one at a time, and give way to the pen."""

from tests.support.visitor import expect_digit, expect_state


def test_an_example_is_drawn_stroke_by_stroke(home, model):
    home.get_by_role("button", name="A 7 with a bar").click()
    home.wait_for_function("() => JSON.parse(sessionStorage.drawing ?? '[]').length === 2")
    expect_digit(home, "7")
    assert [len(ink.strokes) for ink in model.inks] == [2]  # half an example is never asked about
    long, _ = model.inks[-1].strokes
    assert len(long) > 20
    home.get_by_role("button", name="Undo").click()
    expect_state(home, "empty")


def test_enter_held_down_draws_an_example_once_and_in_its_time(home, model):
    home.get_by_role("button", name="A 7 with a bar").focus()
    for _ in range(5):
        home.keyboard.down("Enter")
    home.wait_for_function("() => JSON.parse(sessionStorage.drawing ?? '[]').length === 2")
    expect_digit(home, "7")
    assert [len(ink.strokes) for ink in model.inks] == [2]


def test_only_one_example_is_drawn_at_a_time(home, model):
    # Without a pointer or a key, as assistive technology does.
    examples = home.locator("[data-example]")
    examples.nth(0).evaluate("button => button.click()")
    home.get_by_role("button", name="A 7 with a bar").evaluate("button => button.click()")
    home.wait_for_function("() => JSON.parse(sessionStorage.drawing ?? '[]').length === 2")
    expect_digit(home, "7")
    seven = home.locator("[data-example]", has_text="A 7 with a bar").locator("polyline").all()
    assert len(model.inks[-1].strokes) == len(seven) == 2
    home.get_by_role("button", name="Clear").evaluate("button => button.click()")
    expect_state(home, "empty")


def test_clearing_stops_an_example_being_drawn(home, model):
    home.get_by_role("button", name="A 7 with a bar").evaluate("button => button.click()")
    home.get_by_role("button", name="Clear").evaluate("button => button.click()")
    home.wait_for_timeout(1000)
    expect_state(home, "empty")
    assert model.inks == []


def test_a_stroke_by_the_visitor_completes_an_example_at_once(home, draw, model):
    home.get_by_role("button", name="A 9 that looks like a g").click()
    draw()
    expect_digit(home, "7")
    example, mine = model.inks[-1].strokes
    assert len(example) > 20 and len(mine) > 3


def test_with_reduced_motion_an_example_appears_at_once(home, model):
    home.emulate_media(reduced_motion="reduce")
    home.get_by_role("button", name="A 7 with a bar").click()
    expect_digit(home, "7")
    assert [len(ink.strokes) for ink in model.inks] == [2]


def test_one_undo_removes_an_example_and_restores_the_earlier_drawing(home, draw, model):
    draw()
    expect_digit(home, "7")
    home.get_by_role("button", name="A 7 with a bar").click()
    home.wait_for_function("() => JSON.parse(sessionStorage.drawing ?? '[]').length === 2")
    home.get_by_role("button", name="Undo").click()
    home.wait_for_function("() => JSON.parse(sessionStorage.drawing ?? '[]').length === 1")
    expect_digit(home, "7")
