"""The files of the site that its service worker caches."""

import json

from tests.support.sockets import ask

KEPT = """
    const kept = async () => {
        const found = {};
        for (const name of await caches.keys()) {
            found[name] = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
        }
        return found;
    };
    const until = async (come) => {
        for (let left = 600; left > 0 && !(await come()); left -= 1) {
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    };
"""


def read_release(site, home="/"):
    """The addresses that the current service worker caches: {pages, shell, engine}."""
    script = ask(site.port, "GET", f"{home}service-worker.js").content.decode()
    return json.loads(script.partition("const RELEASE = ")[2].partition(";\n")[0])


def read_caches(page):
    """Map of cache names to the addresses in them."""
    return page.evaluate(f"async () => {{ {KEPT} return kept(); }}")


def wait_until_kept(page, addresses):
    missing = page.evaluate(
        f"""async (addresses) => {{
            {KEPT}
            const missing = async () => {{
                const found = new Set(Object.values(await kept()).flat());
                return addresses.filter((address) => !found.has(address));
            }};
            await until(async () => (await missing()).length === 0);
            await navigator.serviceWorker.ready;
            return missing();
        }}""",
        addresses,
    )
    assert missing == []


def visit(page, site, home="/"):
    """Open the page, and wait until all of it is cached."""
    page.goto(site.url.removesuffix("/") + home)
    now = read_release(site, home)
    wait_until_kept(page, [*now["pages"], *now["shell"], *now["engine"]])
    return now
