"""The login of the admin: few tries for each user name and address, and no way to lock others out."""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core.cache.backends import db as database_cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client, RequestFactory

from mnist_django import environment
from mnist_django.throttle import MAX_TRIES, WINDOW_S, client_address, network
from tests.support.sockets import ask

ROOT = Path(__file__).parents[2]
NAME, PASSWORD = "owner", "the right one, and long"
HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"
TOO_MANY = "Too many attempts with this username from your address. Try again in 15\xa0minutes."


@pytest.fixture(autouse=True)
def owner(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    return User.objects.create_superuser(NAME, password=PASSWORD)


@pytest.fixture
def pass_time(monkeypatch):
    """Moves the clocks of the throttle and the cache."""
    moment = [time.time()]
    monkeypatch.setattr(time, "time", lambda: moment[0])
    monkeypatch.setattr(database_cache, "tz_now", lambda: datetime.fromtimestamp(moment[0], UTC))

    def move(seconds):
        moment[0] += seconds

    return move


def log_in(name=NAME, password="wrong", address=HERE, **headers):
    return Client().post(
        "/admin/login/", {"username": name, "password": password}, REMOTE_ADDR=address, headers=headers
    )


def use_up(**given):
    return [log_in(**given).status_code for _ in range(MAX_TRIES)]


def logged_in(answer):
    return answer.status_code == 302 and "sessionid" in answer.cookies


def test_the_right_password_logs_in():
    assert logged_in(log_in(password=PASSWORD))


def test_after_several_wrong_passwords_no_more_are_checked():
    assert use_up() == [200] * MAX_TRIES
    refused = log_in()
    assert refused.status_code == 429 and "sessionid" not in refused.cookies


def test_after_too_many_tries_the_right_password_is_refused_too():
    use_up()
    refused = log_in(password=PASSWORD)
    assert refused.status_code == 429 and "sessionid" not in refused.cookies


def test_the_refusal_says_when_to_try_again():
    use_up()
    refused = log_in()
    assert TOO_MANY in refused.content.decode()
    assert WINDOW_S - 60 < int(refused["Retry-After"]) <= WINDOW_S


def test_the_wait_ends_when_the_refusal_said(pass_time):
    use_up()
    pass_time(int(log_in()["Retry-After"]) - 1)
    assert log_in(password=PASSWORD).status_code == 429
    pass_time(2)
    assert logged_in(log_in(password=PASSWORD))


def test_tries_come_back_one_by_one(pass_time):
    log_in()
    pass_time(WINDOW_S / 2)
    assert [log_in().status_code for _ in range(MAX_TRIES)] == [200] * (MAX_TRIES - 1) + [429]
    pass_time(WINDOW_S / 2 + 1)
    assert [log_in().status_code for _ in range(2)] == [200, 429]


def test_refused_attempts_do_not_prolong_the_wait(pass_time):
    use_up()
    pass_time(WINDOW_S / 2)
    log_in()
    pass_time(WINDOW_S / 2 + 1)
    assert logged_in(log_in(password=PASSWORD))


def test_meanwhile_the_owner_can_log_in_from_another_address():
    use_up()
    assert logged_in(log_in(password=PASSWORD, address=ELSEWHERE))


def test_meanwhile_others_can_log_in_from_the_same_address():
    User.objects.create_superuser("other", password=PASSWORD)
    use_up()
    assert logged_in(log_in(name="other", password=PASSWORD))


def test_unknown_names_are_throttled_too():
    """Otherwise the difference would reveal which names exist."""
    use_up(name="nobody")
    assert log_in(name="nobody").status_code == 429


def test_a_login_resets_the_tries():
    for _ in range(MAX_TRIES - 1):
        log_in()
    assert logged_in(log_in(password=PASSWORD))
    assert use_up() == [200] * MAX_TRIES


@pytest.mark.parametrize(("name", "password"), [("", "x"), (NAME, "")], ids=["no name", "no password"])
def test_an_incomplete_form_costs_no_try(name, password):
    for _ in range(MAX_TRIES + 1):
        assert log_in(name, password).status_code == 200
    assert logged_in(log_in(password=PASSWORD))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ne", "धेरै पटक प्रयास"),
        ("es", "Demasiados intentos"),
        ("fr", "Trop de tentatives"),
        ("ar", "محاولات كثيرة"),
    ],
)
def test_the_refusal_comes_in_each_language(language, words):
    use_up()
    page = log_in(**{"Accept-Language": language}).content.decode()
    assert words in page and "Too many" not in page


def test_the_cache_holds_neither_name_nor_address():
    log_in()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cache")
        kept = str(cursor.fetchall())
    assert "try:" in kept and NAME not in kept and HERE not in kept


# Addresses


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, HERE),
        (0, ELSEWHERE, HERE),
        (1, ELSEWHERE, ELSEWHERE),
        (1, f"203.0.113.9, {ELSEWHERE}", ELSEWHERE),
        (2, f"203.0.113.9, {ELSEWHERE}, 10.0.0.1", ELSEWHERE),
        (2, ELSEWHERE, HERE),
        (1, None, HERE),
    ],
    ids=["none", "a claim", "one", "one and a claim", "two and a claim", "too few", "none of one"],
)
def test_only_addresses_from_our_own_proxies_are_trusted(settings, proxies, forwarded, address):
    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=HERE)) == address


def test_a_visitor_with_forged_addresses_is_throttled_too(settings):
    settings.PROXIES = 1
    answers = [log_in(**{"X-Forwarded-For": f"203.0.113.{number}, {ELSEWHERE}"}) for number in range(MAX_TRIES + 1)]
    assert answers[-1].status_code == 429


@pytest.mark.parametrize(
    ("address", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::2:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        (HERE, "192.0.2.2", False),
        ("", "", True),
    ],
    ids=["one network", "two networks", "two addresses", "no address"],
)
def test_the_addresses_of_one_ipv6_network_count_as_one(address, other, same):
    assert (network(address) == network(other)) == same


@pytest.mark.parametrize("value", ["", "-1", "one", "1.5", "٣"])
def test_an_invalid_number_of_proxies_is_refused(monkeypatch, value):
    monkeypatch.setenv("PROXIES", value)
    with pytest.raises(ImproperlyConfigured, match="PROXIES"):
        environment.number("PROXIES", default=0)


# Two workers, and the table made by `migrate`


@pytest.mark.slow
def test_both_workers_count_simultaneous_tries(production):
    port = production.port
    cookie = ask(port, "GET", "/admin/login/").headers["Set-Cookie"].split("csrftoken=")[1].split(";")[0]
    fields = {"username": "somebody", "password": "wrong", "csrfmiddlewaretoken": cookie}
    headers = {"Cookie": f"csrftoken={cookie}", "Content-Type": "application/x-www-form-urlencoded"}

    def attempt(_):
        return ask(port, "POST", "/admin/login/", urlencode(fields), **headers)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(attempt, range(4 * MAX_TRIES)))
    tried = [answer for answer in answers if answer.status == 200]
    refused = [answer for answer in answers if answer.status == 429]
    assert len(tried) <= MAX_TRIES and len(tried) + len(refused) == len(answers)
    assert all(b"Try again in" in answer.content for answer in refused)
    assert all(re.fullmatch(r"\d+", answer.headers["Retry-After"]) for answer in refused)


def test_migrate_makes_the_table_that_counts(tmp_path):
    variables = {"DJANGO_SETTINGS_MODULE": "mnist_django.settings", "DATABASE": f"{tmp_path}/db", "DEBUG": "true"}
    options: dict[str, Any] = {"cwd": ROOT, "env": os.environ | variables, "check": True}
    for _ in range(2):
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], **options)
    code = "import django; django.setup(); from django.core.cache import cache; assert cache.add('a', 1)"
    subprocess.run([sys.executable, "-c", code], **options)
