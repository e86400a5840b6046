"""Measures how fast the page loads and answers, in a real Chromium: `make bench-page`, about two minutes.

The site runs as in production, with the shipped model. stopwatch.js runs in the page before its scripts. Run it on an
idle machine: the load average is printed with the figures.
"""

import asyncio
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Playwright, async_playwright

from benchmarks.site import serve
from tests.golden.apart import beside
from tests.golden.drawings import DIGITS, Drawing, Stroke, dense
from tests.support.machine import find_browser

STOPWATCH = Path(__file__).with_name("stopwatch.js")
RATE_HZ = 90  # of the mouse's moves
STEP, WIDE_STEP = 4, 12  # between two moves; a digit is 140 high. The wide step is for the server: it is asked once
PAUSE_S = 0.12  # between two strokes
DRAWN = [drawing for name, drawing in DIGITS.items() if "shaky" not in name and "slanted" not in name]
SIX = (
    ("2 plain", "0 round", "5 with a hat", "7 crossed", "4 open", "8 in one stroke"),
    ("1 flagged", "9 curved", "3 round", "6 curved", "0 narrow", "7 plain"),
)
AGAIN = 200  # questions that the idle page repeats
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}  # ms, B/s
SLOWER = 4  # times, for a phone's processor
LOADS, STARTS = 5, 3
PATIENCE_MS = 60_000
TWO_FRAMES_MS = 33.3
Watch = dict[str, Any]  # as in types/stopwatch.d.ts


@dataclass(frozen=True)
class Row:
    """A figure. limit: its promised maximum; None if nothing is promised."""

    name: str
    figure: float
    unit: str
    conditions: str
    limit: float | None = None

    def __str__(self) -> str:
        promised = "" if self.limit is None else f"≤ {self.limit:g} {self.unit}"
        holds = "" if self.limit is None else "yes" if self.figure <= self.limit else "NO"
        return f"{self.name:50}{promised:>12}{self.figure:11.4g} {self.unit:4}{holds:>5}   {self.conditions}"


def main() -> None:
    print(f"{processor()}, {os.cpu_count()} cores, load average before: {load_average()}")
    with serve() as address:
        rows = asyncio.run(measure(address))
    print(f"{'':50}{'promised':>12}{'measured':>11} {'':4}{'holds':>5}   conditions")
    print(*rows, sep="\n")
    print(f"load average after: {load_average()}")


def processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.is_file() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def load_average() -> str:
    return ", ".join(f"{part:.1f}" for part in os.getloadavg())


async def measure(address: str) -> list[Row]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        device, on_desktop = await device_rows(browser, address)
        server, on_phone = await server_rows(browser, address)
        phone, loaded = await phone_rows(browser, address)
        starts = await start_rows(browser, address)
        await browser.close()
    return [*device, *server, *phone, *shift_rows([on_desktop, on_phone, *loaded]), *starts]


async def launch(playwright: Playwright) -> Browser:
    found = find_browser()
    return await playwright.chromium.launch(executable_path=found)


# On the device: from each move's event to the answer


async def device_rows(browser: Browser, address: str) -> tuple[list[Row], Watch]:
    page = await open_page(await browser.new_context(), address)
    await ready_ms(page)
    await draw_all(page, DRAWN, STEP)
    watch = await page.evaluate("stopwatch")
    alone = await page.evaluate(f"stopwatch.again({AGAIN})")
    digits = [*answer_rows(watch), *part_rows(watch["answers"], alone)]
    await draw_all(page, [as_small_as_a_digit(beside(*names, step=100)) for names in SIX], STEP)
    numbers = number_rows((await page.evaluate("stopwatch"))["answers"][len(watch["answers"]) :])
    await page.context.close()
    return [*digits, *numbers], watch


def as_small_as_a_digit(number: Drawing) -> Drawing:
    """Shrink six digits to the box of one."""
    return [[[x / len(SIX[0]), 55 + y / len(SIX[0])] for x, y in stroke] for stroke in number]


def number_rows(answers: list[Watch]) -> list[Row]:
    shown = spans(answers, "event", "shown")
    drawn = f"n = {len(shown)}, {len(SIX)} numbers of six digits, from the first digit on"
    return [
        Row("device, number: event to answer, median", statistics.median(shown), "ms", drawn),
        Row("device, number: event to answer, 95th percentile", percentile_95(shown), "ms", drawn, 16),
    ]


def answer_rows(watch: Watch) -> list[Row]:
    answers = watch["answers"]
    shown, painted = spans(answers, "event", "shown"), spans(answers, "event", "painted")
    lifted = spans([answer for answer in answers if answer["lift"]], "event", "shown")
    drawn = f"{watch['moves']} moves at {RATE_HZ} Hz, {len(DRAWN)} digits"
    return [
        Row("device: event to answer, median", statistics.median(shown), "ms", f"n = {len(shown)} of {drawn}", 8),
        Row("device: event to answer, 95th percentile", percentile_95(shown), "ms", f"n = {len(shown)}", 16),
        Row(
            "device: event to its frame, 95th percentile",
            percentile_95(painted),
            "ms",
            f"n = {len(painted)}",
            TWO_FRAMES_MS,
        ),
        Row("device: pen lift to answer, median", statistics.median(lifted), "ms", f"n = {len(lifted)}"),
        Row("device: pen lift to answer, 95th percentile", percentile_95(lifted), "ms", f"n = {len(lifted)}"),
    ]


def part_rows(answers: list[Watch], alone: list[float]) -> list[Row]:
    """Split the time among browser, page and engine."""
    straight = [answer for answer in answers if not answer["waited"]]
    waited = [answer for answer in answers if answer["waited"]]
    parts = {
        "the browser brings the event": spans(answers, "event", "heard"),
        "the page asks": spans(straight, "heard", "asked"),
        "or waits for the answer before, then asks": spans(waited, "heard", "asked"),
        "the engine, while the page paints": spans(answers, "asked", "back"),
        "the engine, while nothing is drawn": alone,
        "the page shows the answer": spans(answers, "back", "shown"),
        "the browser paints": spans(answers, "shown", "painted"),
    }
    return [
        Row(
            f"  {name}",
            statistics.median(times),
            "ms",
            f"median; 95th percentile {percentile_95(times):.1f}; n = {len(times)}",
        )
        for name, times in parts.items()
        if len(times) > 1
    ]


# By the server, with the engine disabled


async def server_rows(browser: Browser, address: str) -> tuple[list[Row], Watch]:
    context = await browser.new_context(**PHONE)
    await context.add_init_script("delete globalThis.Worker")
    page = await context.new_page()
    wire = await watch_wire(await context.new_cdp_session(page))
    await open_page(context, address, page)
    requests, fetched_kb = len(wire), sum(wire) / 1e3
    await draw_all(page, DRAWN, WIDE_STEP)
    watch = await page.evaluate("stopwatch")
    await context.close()
    lifted = spans(watch["answers"], "event", "shown")
    count = f"n = {len(lifted)}; the server's two workers beside the browser"
    return [
        Row("server: pen lift to answer, median", statistics.median(lifted), "ms", count),
        Row("server: pen lift to answer, 95th percentile", percentile_95(lifted), "ms", count),
        Row("over the wire before the engine", fetched_kb, "kB", f"{requests} requests, heads included", 60),
    ], watch


async def watch_wire(session: CDPSession) -> list[float]:
    """Return a list that gets the bytes of each finished request."""
    sizes: list[float] = []
    await session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    return sizes


# On a phone with a slow network


async def phone_rows(browser: Browser, address: str) -> tuple[list[Row], list[Watch]]:
    watches = [await phone_load(browser, address) for _ in range(LOADS)]
    paints, drawable = ([watch[moment] for watch in watches] for moment in ("paint", "drawable"))
    network = f"n = {LOADS} cold; 1.6 Mbit/s, 150 ms, processor {SLOWER}× slower"
    return [
        Row("phone: first contentful paint, median", statistics.median(paints), "ms", network, 1000),
        Row("  worst", max(paints), "ms", network),
        Row("  until it can be drawn on, median", statistics.median(drawable), "ms", network),
    ], watches


async def phone_load(browser: Browser, address: str) -> Watch:
    context = await browser.new_context(**PHONE)
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", SLOW_4G)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await open_page(context, address, page)
    paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    drawable = await page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    watch: Watch = await page.evaluate("stopwatch")
    await context.close()
    return watch | {"paint": paint, "drawable": drawable}


def shift_rows(watches: list[Watch]) -> list[Row]:
    """Return the worst layout shifts: CLS, and CLS with the shifts after input, which CLS leaves out."""
    visits = f"{LOADS} loads on a phone, {len(DRAWN)} digits drawn on a desktop and on a phone"
    return [
        Row("cumulative layout shift, worst", max(watch["shift"] for watch in watches), "", visits, 0),
        Row("  with what moves when something is drawn", max(watch["moved"] for watch in watches), "", visits),
    ]


# Until the device can answer


async def start_rows(browser: Browser, address: str) -> list[Row]:
    cold: list[float] = []
    warm: list[float] = []
    for _ in range(STARTS):
        context = await browser.new_context()
        for times in (cold, warm):
            page = await open_page(context, address)
            times.append(await ready_ms(page))
            await page.close()
        await context.close()
    conditions = f"median, n = {STARTS}; no network in between"
    return [
        Row("from the visit to ready on the device, cold", statistics.median(cold), "ms", conditions),
        Row("the same with files in the cache", statistics.median(warm), "ms", conditions),
    ]


# The page and the pen


async def open_page(context: BrowserContext, address: str, page: Page | None = None) -> Page:
    page = page or await context.new_page()
    await page.add_init_script(path=STOPWATCH)
    await page.goto(address)
    await page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    return page


async def ready_ms(page: Page) -> float:
    ready = await page.wait_for_function("() => stopwatch.ready", timeout=PATIENCE_MS)
    return float(await ready.json_value())


async def draw_all(page: Page, drawings: Sequence[Drawing], step: float) -> None:
    session = await page.context.new_cdp_session(page)
    for drawing in drawings:
        for stroke in drawing:
            await draw(page, session, dense(stroke, step))
        await page.keyboard.press("Escape")


async def draw(page: Page, session: CDPSession, stroke: Stroke) -> None:
    """Draw by mouse at a steady rate, without waiting for the page. Then wait for the answer to the pen lift."""
    places = await on_canvas(page, stroke)
    answered = await page.evaluate("stopwatch.answers.length")
    kinds = ["mouseMoved", "mousePressed", *["mouseMoved"] * (len(places) - 1), "mouseReleased"]
    sent: list[asyncio.Future[Any]] = []
    for kind, (x, y) in zip(kinds, [places[0], *places, places[-1]], strict=True):
        button = {"button": "left", "clickCount": 1} if kind != "mouseMoved" else {}
        event = {"type": kind, "x": x, "y": y, "buttons": int(bool(sent)), **button}
        sent.append(asyncio.ensure_future(session.send("Input.dispatchMouseEvent", event)))
        await asyncio.sleep(1 / RATE_HZ)
    await asyncio.gather(*sent)
    await page.wait_for_function(f"() => stopwatch.answers.slice({answered}).some((answer) => answer.lift)")
    await asyncio.sleep(PAUSE_S)


async def on_canvas(page: Page, points: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Scale from the drawings' box of 100 × 140 to most of the canvas."""
    box = await page.locator(".canvas").evaluate("canvas => canvas.getBoundingClientRect().toJSON()")
    shares = [(0.2 + x * 0.006, 0.08 + y * 0.006) for x, y in points]
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in shares]


# Numbers


def spans(answers: list[Watch], start: str, end: str) -> list[float]:
    """Return each answer's milliseconds between two moments."""
    return [answer[end] - answer[start] for answer in answers]


def percentile_95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
