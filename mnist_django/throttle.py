"""Counts login attempts in the cache that all workers share. Knows names and addresses, not forms."""

import ipaddress
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

MAX_TRIES, WINDOW_S = 5, 15 * 60
IPV6_NETWORK_BITS = 64  # a home or server has a whole network, and could use a new address for each try


class Tries:
    """The tries of a username from an address. Visitors at other addresses cannot use them up.

    Each try is a cache entry of its own, because `cache.add` lets only one process add it. A counter would not be safe:
    Django's database cache reads it first and writes it afterwards.
    """

    def __init__(self, name: str, address: str) -> None:
        # A keyed hash, so that the cache holds neither names nor addresses.
        pair = salted_hmac("mnist_django.throttle", f"{network(address)} {name}", algorithm="sha256").hexdigest()
        self.entries = [f"try:{pair}:{number}" for number in range(MAX_TRIES)]

    def take(self) -> bool:
        """Use up a try, before the password is checked. Return False if none is left."""
        return any(cache.add(entry, time.time() + WINDOW_S, WINDOW_S) for entry in self.entries)

    def wait_s(self) -> int:
        """Return the seconds until the next try, at least 1."""
        ends = min(cache.get_many(self.entries).values(), default=0)
        return max(1, round(ends - time.time()))

    def forget(self) -> None:
        cache.delete_many(self.entries)


def client_address(request: HttpRequest) -> str:
    """Return the visitor's address.

    Of X-Forwarded-For, only the addresses that our own proxies appended count. Visitors can invent the others.
    """
    claimed = request.headers.get("X-Forwarded-For", "").split(",")
    forwarded = [address.strip() for address in claimed if address.strip()]
    if 0 < settings.PROXIES <= len(forwarded):
        return forwarded[-settings.PROXIES]
    return str(request.META["REMOTE_ADDR"])


def network(address: str) -> str:
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:  # no address, as from a proxy on a UNIX socket
        return address
    return str(ipaddress.ip_network(f"{address}/{IPV6_NETWORK_BITS}", strict=False)) if version == 6 else address
