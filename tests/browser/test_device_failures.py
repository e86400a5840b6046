"""An engine that fails to load, fails to answer, or is ended by the system: the visitor always has a way on."""

from playwright.sync_api import Page, expect

from tests.support.drawings import PNG
from tests.support.visitor import draw_seven, expect_digit, expect_source, expect_state, keep_here


def test_a_device_that_cannot_answer_sends_nothing_and_says_so(page: Page, shipped, sent):
    page.route("**/*.wasm", lambda route: route.abort())
    page.goto(shipped)
    keep_here(page)
    draw_seven(page)
    expect_state(page, "failed")
    expect(page.locator("[data-role=detail]")).to_contain_text("Untick “Keep my drawings on this device”")
    assert [request for request in sent if not request.startswith("GET ")] == []


def test_the_server_answers_when_the_device_cannot(page: Page, shipped):
    page.add_init_script("delete globalThis.Worker")
    page.goto(shipped)
    draw_seven(page)
    expect_source(page, "Answered by the server")
    expect_digit(page, "7")


def test_one_failed_question_does_not_end_the_engine(page, shipped):
    page.route("**/parts/*/cleaner.onnx", lambda route: route.abort())
    page.goto(shipped)
    keep_here(page)
    draw_seven(page)
    expect_source(page, "Answered on this device")
    page.locator("#picture").set_input_files([{"name": "a.png", "mimeType": "image/png", "buffer": PNG}])
    expect_state(page, "failed")
    page.unroute("**/parts/*/cleaner.onnx")
    page.get_by_role("button", name="Try again").click()
    expect_source(page, "Answered on this device")
    expect(page.locator(".canvas")).to_be_focused()
    page.locator("[data-action=clear]").click()
    draw_seven(page)
    expect_digit(page, "7")
    assert len(page.workers) == 1


def test_a_slow_engine_is_announced_and_answers_once_loaded(page, shipped):
    held = []
    page.clock.install()
    page.route("**/parts/*/model.onnx", lambda route: held.append(route))
    page.goto(shipped)
    with page.expect_request("**/parts/*/model.onnx"):
        keep_here(page)
    draw_seven(page)
    expect_state(page, "waiting")
    page.clock.run_for(10_500)
    expect_state(page, "failed")
    expect(page.locator("[data-role=detail]")).to_contain_text("Still downloading")
    held[0].continue_()
    expect_source(page, "Answered on this device")


def test_an_engine_that_could_not_be_loaded_is_loaded_on_request(page: Page, shipped):
    page.route("**/*.wasm", lambda route: route.abort())
    page.goto(shipped)
    keep_here(page)
    draw_seven(page)
    expect_state(page, "failed")
    page.unroute("**/*.wasm")
    page.get_by_role("button", name="Try again").click()
    expect_source(page, "Answered on this device")


def test_no_old_answer_is_shown_while_a_worker_restarts(page, shipped):
    page.clock.install()
    page.goto(shipped)
    keep_here(page)
    draw_seven(page)
    expect_source(page, "Answered on this device")
    page.get_by_role("button", name="Why?").click()
    expect(page.locator(".why circle").first).to_be_visible()
    page.workers[-1].evaluate("close()")
    draw_seven(page, lift=False)
    page.clock.run_for(400)
    expect_state(page, "waiting")
    expect(page.locator(".why circle")).to_have_count(0)


def draw_after_the_worker_ended(page):
    page.workers[-1].evaluate("close()")
    page.locator("[data-action=clear]").click()
    draw_seven(page)
    page.clock.run_for(400)
    expect_state(page, "waiting")
    page.clock.run_for(11_000)


def test_a_worker_ended_by_the_system_is_restarted_and_its_question_answered(page: Page, shipped):
    page.clock.install()
    page.goto(shipped)
    keep_here(page)
    draw_seven(page)
    expect_source(page, "Answered on this device")
    draw_after_the_worker_ended(page)
    expect_source(page, "Answered on this device")
    expect_digit(page, "7")


def test_a_worker_that_dies_again_and_again_is_given_up_and_the_server_answers(page: Page, shipped):
    page.clock.install()
    page.goto(shipped)
    keep_here(page)
    draw_seven(page)
    expect_source(page, "Answered on this device")
    page.get_by_label("Keep my drawings on this device").uncheck()
    for _ in range(3):
        draw_after_the_worker_ended(page)
        expect_digit(page, "7")
    expect_source(page, "Answered by the server")
