"""On the page, an imported network answers on the device and by the server."""

import pytest
from playwright.sync_api import Page, expect

from digit_recognition.imports import import_file
from tests.support import networks
from tests.support.visitor import draw_seven, expect_digit, expect_source, keep_here

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::Warning")]


def make_file(kind, folder):
    match kind:
        case "Keras":
            networks.keras_network().save(folder / "lesson.h5")
            return folder / "lesson.h5"
        case "torch":
            import torch

            torch.export.save(networks.torch_network(), folder / "lesson.pt2")
            return folder / "lesson.pt2"
    model = networks.onnx_network((1, 1, 28, 28), parameters=networks.adapted(255.0))
    return networks.save(model, folder / "lesson.onnx")


@pytest.fixture(params=["Keras", "ONNX", "torch"])
def site(request, shipped, tmp_path, settings, monkeypatch):
    monkeypatch.delenv("DIGITS_DATA", raising=False)
    settings.DIGIT_RECOGNITION_IMPORTED = tmp_path / "imported"
    import_file(make_file(request.param, tmp_path), None, print).activate()
    return shipped


def test_an_imported_network_answers_on_the_device_and_by_the_server(page: Page, site):
    page.goto(site)
    keep_here(page)
    draw_seven(page)
    expect_source(page, "Answered on this device")
    expect_digit(page, "7")
    expect(page.locator("[data-candidate=none] [data-role=share]")).to_have_text("0%")
    page.add_init_script("delete globalThis.Worker")
    page.get_by_label("Keep my drawings on this device").uncheck()
    page.reload()
    page.locator("[data-action=clear]").click()
    draw_seven(page)
    expect_source(page, "Answered by the server")
    expect_digit(page, "7")


def test_a_network_that_browsers_cannot_run_is_answered_by_the_server_and_the_page_says_so(page: Page, shipped):
    page.route("**/parts/*/model.onnx", lambda route: route.fulfill(body=b"another operator"))
    with page.expect_worker():
        page.goto(shipped)
    while page.workers:  # the page ends the engine that cannot load the model
        page.wait_for_timeout(50)
    draw_seven(page)
    expect_source(page, "Answered by the server: this model doesn't run in browsers")
    expect_digit(page, "7")
    keep_here(page)
    expect(page.locator("[data-role=detail]")).to_contain_text("This model doesn't run in browsers")
