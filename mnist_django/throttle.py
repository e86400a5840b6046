"""Counts tries to log in where all workers see them. Knows names and addresses, no forms."""

import ipaddress
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

MOST_TRIES, WINDOW_S = 5, 15 * 60
IPV6_NETWORK_BITS = 64  # a home or a server has that many addresses, and could use a new one for each try


class Tries:
    """The tries of one user name from one address: nobody elsewhere can use them up.

    Each try is an entry of its own, for `cache.add` lets one process have it and no other. Incrementing a counter would
    not: Django's database cache reads it first and writes it afterwards.
    """

    def __init__(self, name: str, address: str) -> None:
        # A keyed hash, so that the cache holds neither names nor addresses.
        pair = salted_hmac("mnist_django.throttle", f"{network(address)} {name}", algorithm="sha256").hexdigest()
        self.entries = [f"try:{pair}:{number}" for number in range(MOST_TRIES)]

    def take(self) -> bool:
        """Use up a try, before its password is checked. False if there is none left."""
        return any(cache.add(entry, time.time() + WINDOW_S, WINDOW_S) for entry in self.entries)

    def wait_s(self) -> int:
        """Seconds until the next try."""
        ends = min(cache.get_many(self.entries).values(), default=0)
        return max(1, round(ends - time.time()))

    def forget(self) -> None:
        cache.delete_many(self.entries)


def client_address(request: HttpRequest) -> str:
    """The visitor's address. Of X-Forwarded-For only what our own proxies appended: the rest is what visitors claim."""
    claimed = request.headers.get("X-Forwarded-For", "").split(",")
    forwarded = [address.strip() for address in claimed if address.strip()]
    if 0 < settings.PROXIES <= len(forwarded):
        return forwarded[-settings.PROXIES]
    return str(request.META["REMOTE_ADDR"])


def network(address: str) -> str:
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:  # a proxy on a UNIX socket has none
        return address
    return str(ipaddress.ip_network(f"{address}/{IPV6_NETWORK_BITS}", strict=False)) if version == 6 else address
