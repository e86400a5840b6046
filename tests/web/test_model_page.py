"""The page of the model's figures, for a measured model, an older one, and no model."""

import json
import re

import pytest
from django.test import Client
from django.urls import include, path, reverse

from digit_recognition.figures.names import translate_name
from digit_recognition.figures.page import page_context
from digit_recognition.figures.reliability import diagram
from digit_recognition.models import DigitModel
from digit_recognition.numerals import figure
from recognizer.card import ModelCard
from recognizer.errors import ModelError
from recognizer.structured import from_json
from tests.support.cards import MEASURED, row
from tests.support.library import MODELS
from tests.support.pages import BROWSER, page_of, text

TINY = json.loads((MODELS / "tiny" / "model.json").read_text())

urlpatterns = [path("some/where/", include("digit_recognition.urls"))]


@pytest.fixture
def page(db, monkeypatch):
    return text(page_of(monkeypatch, TINY | MEASURED))


@pytest.fixture
def older(db):
    return text(Client().get("/model/"))


def page_values(measured):
    return page_context(from_json(ModelCard, TINY | measured))


def line(page, name):
    """The words of the table row that starts with this name."""
    [found] = re.findall(rf'<tr> <th scope="row"><bdi(?: lang="en")?>{re.escape(name)}<.*?</tr>', page)
    return " ".join(re.sub(r"<[^>]*>", " ", found).split())


@pytest.mark.parametrize("measured", MEASURED["table"], ids=lambda measured: measured["row"])
def test_every_row_of_the_table_is_shown_with_its_n(page, measured):
    assert f" n = {measured['n']:,} " in line(page, translate_name(measured["row"]))


def test_a_row_shows_value_interval_requirement_target_and_that_it_is_met(page):
    assert line(page, "digits declined") == "digits declined n = 15,566 0.31% 0.24–0.41% ≤ 1% target 0.3% Yes"


def test_a_missed_bar_is_marked_as_missed(page):
    assert line(page, "Digits by one person in various pen widths").endswith(" No")
    assert line(page, "accuracy lost at the worst size, pen and paper").endswith(" ≤ 1.0 points target 0.3 points No")


def test_a_row_without_a_bar_neither_holds_nor_fails(page):
    assert line(page, "correct answers at medium size and pen").endswith(" 99.12% – –")


def test_the_worst_cell_is_named(page):
    assert "30 px, pen 2 px, gray with a shadow" in page


def test_the_bars_that_are_reached_are_counted(page):
    assert ">7 of 10<" in page


def test_the_date_of_measuring_is_shown(page):
    assert '<time datetime="2026-11-22">' in page


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1.0, "share", "100.00%"),
        (0.99998, "share", "99.99%"),
        (0.0, "share", "0.00%"),
        (0.00314, "share", "0.31%"),
        (0.98712, "area", "0.9871"),
        (1.816, "points", "1.82 points"),
        (0.85, "MB", "0.85 MB"),
        (1.312, "ms", "1.31 ms"),
    ],
)
def test_a_figure_has_its_unit_and_is_never_rounded_up_to_100_percent(value, unit, words):
    assert figure(value, unit) == words


@pytest.mark.parametrize(
    ("value", "better", "holds"),
    [(0.99, "higher", True), (0.9899, "higher", False), (0.99, "lower", True), (0.9901, "lower", False)],
)
def test_a_bar_that_is_met_exactly_holds(value, better, holds):
    page = page_values({"table": [row("some", "accuracy", value, bar=0.99, better=better)]})
    assert page["groups"][0].rows[0].holds is holds


def test_the_confusion_matrix_is_a_table_with_heads_and_numbers(page):
    name = "MNIST test set, as uploaded pictures"
    [matrix] = re.findall(rf'<summary><bdi>{name}</bdi></summary> (<table class="matrix confusion">.*?</table>)', page)
    assert "<caption" in matrix
    assert matrix.count('<th scope="col">') == 11
    assert matrix.count('<th scope="row">') == 10
    assert re.findall(r"<td[^>]*>([\d,]+)</td>", matrix)[40:50] == ["0"] * 4 + ["980"] + ["0"] * 4 + ["6"]


def test_the_confusion_matrix_is_shaded_by_count():
    [table, _] = page_values(MEASURED)["confusion"]
    nothing, few, most = (table.rows[4][1][best] for best in (0, 9, 4))
    assert nothing.shade == 0 < few.shade < most.shade
    assert (most.right, few.right) == (True, False)


def test_bad_grid_cells_are_shaded_and_unmeasured_ones_empty():
    canvas, doors = page_values(MEASURED)["grids"]
    assert [cell.text for cell in canvas.rows[0][1]] == ["95.0", "", "98.5", "99.1", "98.0", "92.1"]
    assert canvas.rows[0][1][5].shade > canvas.rows[0][1][2].shade > canvas.rows[0][1][1].shade == 0
    assert doors.rows[1][1][0].shade > doors.rows[1][1][2].shade == 0


def test_the_reliability_diagram_has_a_dot_for_each_bin_where_it_belongs():
    half, sure, empty = (0.5, 0.25, 3), (1.0, 1.0, 900), (0.1, 0.0, 0)
    drawn = diagram("some", [half, empty, sure])
    assert drawn.path == "100.0,150.0 200.0,0.0"
    assert float(drawn.bins[0].radius) < float(drawn.bins[1].radius)


def test_the_reliability_diagram_is_also_given_in_numbers(page):
    assert page.count('<svg class="plot"') == 2
    assert re.search(r'role="img" aria-label="[^"]*Pen digits, as strokes', page)
    assert "<td>99.8%</td><td>99.7%</td><td>3,400</td>" in page


def test_the_spread_over_seeds_is_in_the_unit_of_each_row(page):
    [section] = re.findall(r'data-role="seeds">.*?</section>', page)
    assert re.findall(r'class="number">(Seed[^<]*)</th>', section) == ["Seed 1", "Seed 2", "Seed 3"]
    names = [*map(translate_name, MEASURED["spread"]["rows"])]
    assert re.findall(r'<th scope="row"><bdi>([^<]*)</bdi></th>', section) == names
    assert re.findall(r'<td class="number">([^<]*)</td>', section)[:6] == [
        *("98.10%", "97.90%", "98.50%"),
        *("1.82 points", "0.97 points", "1.30 points"),
    ]


def test_a_model_of_one_seed_has_no_spread(db, monkeypatch):
    card = {name: value for name, value in (TINY | MEASURED).items() if name != "spread"}
    assert 'data-role="seeds"' not in text(page_of(monkeypatch, card))


def test_every_source_is_named_with_its_licence(page):
    assert '<a href="https://example.org/d" rel="noreferrer"><bdi lang="en">Digits on paper</bdi></a>' in page
    words = re.sub(r"</?bdi[^>]*>", "", page)
    assert "by 250 people · licence: CC BY 4.0" in words
    assert "lines and scribbles · licence: this project's" in words


def test_the_page_says_what_confidence_is_calibrated_for(page):
    assert "calibrated for drawings of which 5% are not digits" in page


def test_the_page_says_what_the_model_is_not_for(page):
    for words in ("Devanagari", "Arabic-Indic", "Several digits at once", "Letters"):
        assert words in page


def test_a_fully_measured_model_lists_nothing_as_missing(page):
    assert 'data-role="missing"' not in page


def test_an_older_model_shows_its_figures_and_names_missing_ones(older):
    assert line(older, "golden digits") == "golden digits n = 35 100.00% 90.00–100.00%"
    [missing] = re.findall(r'data-role="missing">.*?</section>', older)
    assert "Any size, pen, position and paper" in missing
    assert "Confidence vs. accuracy" in missing
    assert "Digits read correctly" not in missing
    assert "was not recorded" in older


def test_an_older_models_confusion_and_declining_come_from_its_scores():
    scores = [
        {"set": "digits", "n": 9, "declined": 0.0, "accuracy": 1.0, "confusion": [[9]]},
        {"set": "letters", "n": 5, "declined": 0.4, "auroc": 0.91},
    ]
    page = page_values({"scores": scores})
    assert page["confusion"][0].rows[0][1][0].text == "9"
    assert page["scores"][1].value == 0.4
    assert page["scores"][1].where == "not digits: share declined · AUROC 0.9100"


def test_a_model_without_measurements_has_a_page(db, monkeypatch):
    known = {key: TINY[key] for key in ("name", "version", "sha256", "labels", "rule")}
    response = page_of(monkeypatch, known)
    assert response.status_code == 200
    assert "The model card doesn't say." in text(response)


@pytest.mark.parametrize(
    "broken",
    [
        {"table": 7},
        {"table": [{"row": "without its value", "group": "accuracy"}]},
        {"confusion": [1, 2]},
        {"grids": [{"name": "one", "paper": "light", "rows": ["a", "b"], "columns": ["c"], "values": [[1.0]]}]},
        {"reliability": {"some": [[0.5]]}},
        {"scores": [{"set": "some", "n": 1}]},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_unreadable_figures_make_a_model_unusable(broken, tmp_path):
    (tmp_path / "model.json").write_text(json.dumps(TINY | broken))
    with pytest.raises(ModelError, match=next(iter(broken)).rstrip("s")):
        ModelCard.read(tmp_path)


def test_markup_in_a_name_of_the_card_is_escaped(db, monkeypatch):
    response = page_of(monkeypatch, TINY | {"name": "<script>alert(1)</script>"})
    assert b"<script>alert" not in response.content


def test_a_source_without_a_web_address_is_not_linked(db, monkeypatch):
    source = {"name": "odd", "use": "", "licence": "", "link": "javascript:alert(1)"}
    assert "javascript:" not in text(page_of(monkeypatch, TINY | {"sources": [source]}))


def test_without_a_model_there_is_no_page(db):
    DigitModel.objects.all().delete()
    response = Client().get("/model/", headers={"Accept": BROWSER})
    assert response.status_code == 503
    assert "no usable model" in text(response)


def test_a_damaged_model_has_no_page(db):
    DigitModel.objects.update(sha256="0" * 64)
    assert Client().get("/model/").status_code == 503


def test_the_card_itself_comes_as_json_where_that_is_preferred(db):
    response = Client().get("/model/", headers={"Accept": "application/json"})
    assert response.json() == TINY
    assert "Accept" in response["Vary"]


def test_without_a_preference_the_answer_is_a_page(db):
    assert Client().get("/model/", headers={"Accept": "*/*"})["Content-Type"].startswith("text/html")


def test_the_page_answers_only_get_and_head(db):
    assert Client().post("/model/").status_code == 405
    assert Client().head("/model/").status_code == 200


@pytest.mark.urls(__name__)
def test_the_address_follows_the_mount_point_of_the_app():
    assert reverse("digit_recognition:model") == "/some/where/model/"


def test_the_home_page_links_to_it(db):
    assert 'href="/model/"' in Client().get("/").content.decode()


def test_an_imported_model_claims_nothing_about_its_training(db, monkeypatch):
    origin = {"file": "lesson.h5", "kind": "Keras", "sha256": "0" * 64}
    imported = TINY | MEASURED | {"origin": origin, "rule": {"digit": 0.0, "sure": 0.6}, "sources": [], "data": {}}
    page = text(page_of(monkeypatch, imported))
    assert "never saw in training" not in page and "This model was imported" in page
    assert "lesson.h5 (Keras)" in page and "answers letters and scribbles with a digit" in page
