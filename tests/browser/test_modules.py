"""The page's small modules, each on its own, in a browser."""

import pytest

STATIC = "/static/digit_recognition"


@pytest.fixture
def run(home):
    """Run the body of an async function that has the exports of a module in `module`."""

    def run(module, body, *arguments):
        code = f"async (given) => {{ const module = await import('{STATIC}/{module}'); {body} }}"
        return home.evaluate(code, arguments)

    return run


def test_one_question_is_asked_at_a_time_and_then_the_newest_waiting_one(run):
    asked, heard = run(
        "answer/latest.js",
        """
        const settle = [], asked = [], heard = [];
        const ask = (question) => (asked.push(question), new Promise((resolve) => settle.push(resolve)));
        const on = { onAnswer: (...all) => heard.push(all), onFailure: () => heard.push("no") };
        const { put } = module.latestOf(ask, on);
        put("first"), put("second"), put("third");
        settle[0]("one");
        await new Promise(setTimeout);
        settle[1]("three");
        await new Promise(setTimeout);
        return [asked, heard];
        """,
    )
    assert asked == ["first", "third"]
    assert heard == [["one", "first"], ["three", "third"]]


def test_a_dropped_question_is_stopped_and_waiting_ones_are_forgotten(run):
    stopped, asked = run(
        "answer/latest.js",
        """
        const signals = [], asked = [];
        const ask = (question, signal) => (asked.push(question), signals.push(signal), new Promise(() => {}));
        const { put, drop } = module.latestOf(ask, {});
        put(1), put(2), drop(), put(3);
        return [signals.map(({ aborted }) => aborted), asked];
        """,
    )
    assert stopped == [True, False] and asked == [1, 3]


def test_a_dropped_question_never_reports_its_failure(run):
    heard = run(
        "answer/latest.js",
        """
        let fail;
        const heard = [];
        const ask = () => new Promise((_, reject) => { fail = reject; });
        const on = { onAnswer: () => heard.push("answered"), onFailure: () => heard.push("failed") };
        const { put, drop } = module.latestOf(ask, on);
        put(1), drop(), fail(new Error());
        await new Promise(setTimeout);
        return heard;
        """,
    )
    assert heard == []


def test_a_failure_leaves_room_for_the_next_question(run):
    heard = run(
        "answer/latest.js",
        """
        const heard = [];
        const ask = (question) => (question === 1 ? Promise.reject(new Error()) : Promise.resolve("yes"));
        const on = { onAnswer: (answer) => heard.push(answer), onFailure: () => heard.push("failed") };
        const { put } = module.latestOf(ask, on);
        put(1);
        await new Promise(setTimeout);
        put(2);
        await new Promise(setTimeout);
        return heard;
        """,
    )
    assert heard == ["failed", "yes"]


@pytest.mark.parametrize(
    ("status", "kind"), [(400, "refused"), (403, "expired"), (413, "large"), (503, "unavailable"), (418, "broken")]
)
def test_each_status_has_its_kind_of_failure(run, home, status, kind):
    home.route("**/oracle/", lambda route: route.fulfill(status=status, json={"error": "No."}))
    found = run(
        "answer/server.js",
        """
        const ask = module.askServer({ url: "/oracle/", token: "one", tokenUrl: "/token/", patienceMs: 5000 });
        return ask({ strokes: [] }, new AbortController().signal).catch((error) => error.kind);
        """,
    )
    assert found == kind


def test_a_refused_token_is_replaced_only_once(run, home):
    asked = []
    home.on("request", lambda request: asked.append((request.method, request.headers.get("x-csrftoken"))))
    home.route("**/oracle/", lambda route: route.fulfill(status=403))
    home.route("**/token/", lambda route: route.fulfill(json={"token": "two"}))
    found = run(
        "answer/server.js",
        """
        const ask = module.askServer({ url: "/oracle/", token: "one", tokenUrl: "/token/", patienceMs: 5000 });
        return ask({ strokes: [] }, new AbortController().signal).catch((error) => error.kind);
        """,
    )
    assert found == "expired"
    assert [request for request in asked if request[0] == "POST"] == [("POST", "one"), ("POST", "two")]


@pytest.mark.parametrize(("status", "kind"), [(404, "broken"), (503, "unavailable")])
def test_without_a_token_nothing_is_posted(run, home, status, kind):
    asked = []
    home.on("request", lambda request: asked.append(request.method))
    home.route("**/oracle/", lambda route: route.fulfill(json={}))
    home.route("**/token/", lambda route: route.fulfill(status=status))
    found = run(
        "answer/server.js",
        """
        const ask = module.askServer({ url: "/oracle/", token: "", tokenUrl: "/token/", patienceMs: 5000 });
        return ask({ strokes: [] }, new AbortController().signal).catch((error) => error.kind);
        """,
    )
    assert found == kind and "POST" not in asked


def test_every_kind_of_failure_has_its_words(home):
    texts = home.locator("[data-role=desk]").evaluate("desk => ({ ...desk.dataset })")
    kinds = ["offline", "unreachable", "late", "expired", "large", "refused", "unavailable", "broken"]
    kinds += ["here", "busy", "unreadable"]
    assert all(texts[f"text{kind.capitalize()}"] for kind in kinds)


# A worker that never answers a picture, like one that the system has ended.
SILENT = """
    globalThis.Worker = class extends EventTarget {
        terminate() {}
        postMessage({ id, files, strokes }) {
            const answer = { text: "7", digits: [] };
            const data = files ? { ready: true } : strokes ? { id, answer } : null;
            data && queueMicrotask(() => this.dispatchEvent(new MessageEvent("message", { data })));
        }
    };
    globalThis.device = new module.Device({ engine: "engine/engine.js", task: { files: {} } });
    const signal = new AbortController().signal;
    device.ask({ picture: new Blob() }, signal).catch(({ kind }) => (globalThis.failed = kind));
    globalThis.ask = () => device.ask({ strokes: [[[0, 0], [1, 1]]] }, signal).then(({ text }) => text);
"""


def test_a_question_that_kills_a_worker_twice_is_given_up_and_others_are_answered(run, home):
    home.clock.install()
    run("answer/device.js", SILENT)
    home.clock.run_for(41_000)
    assert home.evaluate("globalThis.failed ?? null") is None
    home.clock.run_for(41_000)
    assert home.evaluate("failed") == "here"
    assert home.evaluate("ask()") == "7"


@pytest.mark.parametrize(
    ("state", "kind", "said"),
    [
        ("off", "offline", "device"),  # the page has just loaded, and the engine waits until it is idle
        ("starting", "offline", "device"),
        ("starting", "unreachable", "device"),
        ("off", "unreachable", "unreachable"),
        ("broken", "offline", "offline"),
    ],
)
def test_without_a_server_the_page_waits_for_the_device(run, state, kind, said):
    found = run(
        "answer/nearest.js",
        """
        const [state, kind] = given;
        const device = { state, ready: false, ask: async () => ({ text: "7" }) };
        const server = () => Promise.reject({ kind });
        const ask = module.askNearest({ device, server, staysHere: () => false });
        return ask({}, new AbortController().signal).then(({ from }) => from, ({ kind }) => kind);
        """,
        state,
        kind,
    )
    assert found == said
