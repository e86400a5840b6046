"""The page's small modules, each alone, in the browser that runs them."""

import pytest

STATIC = "/static/digit_recognition"


@pytest.fixture
def run(home):
    """Runs the body of an async function that finds a module's exports in `module`."""

    def run(module, body, *arguments):
        code = f"async (given) => {{ const module = await import('{STATIC}/{module}'); {body} }}"
        return home.evaluate(code, arguments)

    return run


def test_only_the_newest_question_is_answered(run):
    heard = run(
        "latest.js",
        """
        const settle = [], heard = [];
        const { put } = module.latestOf(() => new Promise((resolve) => settle.push(resolve)));
        const on = { answered: (value) => heard.push(value), failed: () => heard.push("failed") };
        const both = [put("first", on), put("second", on)];
        settle[1]("second"), settle[0]("first");
        await Promise.all(both);
        return heard;
        """,
    )
    assert heard == ["second"]


def test_a_question_that_was_replaced_is_told_to_stop(run):
    stopped = run(
        "latest.js",
        """
        const signals = [];
        const { put, drop } = module.latestOf((_, signal) => { signals.push(signal); return new Promise(() => {}); });
        put(1, {}), put(2, {}), drop();
        return signals.map(({ aborted }) => aborted);
        """,
    )
    assert stopped == [True, True]


def test_the_failure_of_a_dropped_question_is_never_heard_of(run):
    heard = run(
        "latest.js",
        """
        let fail;
        const heard = [];
        const { put, drop } = module.latestOf(() => new Promise((_, reject) => { fail = reject; }));
        const done = put(1, { answered: () => heard.push("answered"), failed: () => heard.push("failed") });
        drop(), fail(new Error());
        await done;
        return heard;
        """,
    )
    assert heard == []


@pytest.mark.parametrize(
    ("status", "kind"), [(400, "refused"), (403, "expired"), (413, "large"), (503, "unavailable"), (418, "broken")]
)
def test_each_status_has_its_kind_of_failure(run, home, status, kind):
    home.route("**/oracle/", lambda route: route.fulfill(status=status, json={"error": "No."}))
    found = run(
        "server.js",
        """
        const ask = module.askServer({ url: "/oracle/", token: "", patienceMs: 5000 });
        return ask({ strokes: [] }, new AbortController().signal).catch((error) => error.kind);
        """,
    )
    assert found == kind


def test_every_kind_of_failure_has_its_words(home):
    texts = home.locator("[data-role=desk]").evaluate("desk => ({ ...desk.dataset })")
    kinds = ["offline", "unreachable", "late", "expired", "large", "refused", "unavailable", "broken"]
    assert all(texts[f"text{kind.capitalize()}"] for kind in kinds)
