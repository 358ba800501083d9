"""Every route against bad input, and a crawler that follows every link of a sample of pages."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kg.reader.reader import Reader
from tests.support.session.routes import Route, routes

HTML = {"Accept": "text/html"}
QUESTIONS = "/api/v1/queries/"
# A name that is there, for the routes that a sound request can be made to.
KNOWN = {"name": "natto", "suffix": "ttl", "curie": "id:natto", "entity": "natto", "condition": "osteoporosis"}
BAD_NAMES: dict[str, str | bytes] = {
    "traversal": "../../etc/passwd",
    "encoded traversal": "..%2f..%2fetc%2fpasswd",
    "null byte": "a\0b",
    "bad UTF-8": b"\xff\xfe",
    "long": "x" * 10_000,
    "script": "<script>alert(1)</script>",
    "SPARQL": '"} ; DROP ALL ; { <a> <b> "',
    "IRI that ends early": "a> <b",
    "header": "a\r\nX-Injected: yes",
    "space": " ",
    "number beyond bounds": "9" * 400,
    "other digits": "\U0001d7da",
    "unpaired surrogate": b"\xed\xa0\x80",
    "template": "{{ 7 * 7 }}${7*7}%s",
}
ODD_ACCEPT_HEADERS = ("", "*", "*/*;q=x", "text/html;q=9", ";;;,,,", "text/turtle;q=0", "a" * 9000, "text/*")
PARAMETERS = (
    *("query", "q", "kind", "page", "sort", "claims", "incoming", "a", "b", "s", "p", "o", "form"),
    *("standing", "limit", "cursor", "labels", "timeout", "example", "claim", "section", "population"),
)


@pytest.fixture(scope="module")
def client(client: FlaskClient) -> FlaskClient:
    """One without cookies, of which looking for them takes longer than some answers."""
    return client.application.test_client(use_cookies=False)


def encoded(value: str | bytes) -> str:
    return quote(value.encode() if isinstance(value, str) else value, safe="")


def rules(client: FlaskClient) -> list[Route]:
    return routes(client.application)


def for_kind(client: FlaskClient, kind: str) -> list[Route]:
    """The routes, and of the questions of the catalogue, which are answered by one function, a fifth: each kind of bad
    input meets some of them, and each of them meets some kinds."""
    turn = list(BAD_NAMES).index(kind) % 5
    questions = [rule for rule in rules(client) if rule.rule.startswith(QUESTIONS)]
    assert len(questions) > 100
    return [rule for rule in rules(client) if rule not in questions or questions.index(rule) % 5 == turn]


def filled(rule: Route, value: str) -> str:
    """The path of a rule with this value for each of its parameters."""
    return re.sub(r"<[^>]+>", lambda _: value, rule.rule)


def sound(rule: Route) -> str:
    path = rule.rule.replace("<any(json,csv,tsv,html):suffix>", "json")
    return re.sub(r"<(?:[^:>]*:)?(\w+)>", lambda found: KNOWN.get(found[1], "natto"), path)


def fault_of(response: TestResponse) -> str:
    """What is wrong with an answer to bad input, or "": a fault of ours, no length, or input given back as it came."""
    if response.status_code >= 500:
        return str(response.status_code)
    if response.headers.get("X-Injected"):
        return "a header from the request"
    if "Content-Length" not in response.headers and response.status_code != 304:
        return "no length"
    if response.mimetype in ("text/html", "image/svg+xml", "application/xml") and "<script>alert" in response.text:
        return "given back as it came"
    if response.mimetype != "application/gzip" and "Traceback" in response.text:
        return "a traceback"
    return ""


@pytest.mark.system
@pytest.mark.parametrize("kind", BAD_NAMES)
def test_no_route_fails_on_a_bad_name_or_gives_it_back_unescaped(client: FlaskClient, kind: str) -> None:
    value = encoded(BAD_NAMES[kind])
    failed = []
    for rule in for_kind(client, kind):
        if not rule.arguments:
            continue
        for accept in ("text/html", "text/turtle"):
            with closing(client.get(filled(rule, value), headers={"Accept": accept})) as response:
                if fault := fault_of(response):
                    failed.append((rule.rule, accept, fault))
    assert failed == []


@pytest.mark.system
@pytest.mark.parametrize("kind", BAD_NAMES)
def test_no_route_fails_on_a_bad_parameter_or_gives_it_back_unescaped(client: FlaskClient, kind: str) -> None:
    """All routes read ``format`` and ``release`` in one way, so that these two take turns."""
    value, turn = encoded(BAD_NAMES[kind]), list(BAD_NAMES).index(kind)
    query_string = "&".join(f"{name}={value}" for name in PARAMETERS)
    failed = []
    for number, rule in enumerate(for_kind(client, kind)):
        if "GET" not in rule.methods:
            continue
        for query in (query_string, f"{('format', 'release')[(number + turn) % 2]}={value}"):
            with closing(client.get(f"{sound(rule)}?{query}", headers=HTML)) as response:
                if fault := fault_of(response):
                    failed.append((rule.rule, query[:40], fault))
    assert failed == []


@pytest.mark.system
@pytest.mark.parametrize("turn", range(len(ODD_ACCEPT_HEADERS)))
def test_no_route_fails_on_an_odd_accept_header(client: FlaskClient, turn: int) -> None:
    """One negotiator reads them for all routes: each route meets two of them."""
    accept, failed = ODD_ACCEPT_HEADERS[turn], []
    for number, rule in enumerate(rules(client)):
        if "GET" in rule.methods and number % (len(ODD_ACCEPT_HEADERS) // 2) == turn % (len(ODD_ACCEPT_HEADERS) // 2):
            with closing(client.get(sound(rule), headers={"Accept": accept})) as response:
                if response.status_code >= 500 and rule.rule != "/readyz":
                    failed.append((rule.rule, response.status_code))
    assert failed == []


def links_on(page: str, path: str) -> Iterator[str]:
    for link in re.findall(r'\b(?:href|src|action|data-suggest)="([^"]*)"', page):
        target = urljoin(f"http://localhost{path}", html.unescape(link))
        parts = urlsplit(target)
        if parts.netloc == "localhost":
            yield parts.path + (f"?{parts.query}" if parts.query else "")


@pytest.mark.system
def test_a_crawler_finds_no_dead_link(client: FlaskClient, reader: Reader) -> None:
    seeded = random.Random(11)
    entities = sorted(row["entity"].value for row in reader.run("pages/sitemap", {}))
    start = [sound(rule) for rule in rules(client) if not rule.arguments and "GET" in rule.methods]
    start += ["/page/" + quote(iri.rpartition("/")[2]) for iri in seeded.sample(entities, 40)]
    start += ["/page/vitamin-k2", "/page/menaquinone-7", "/page/natto", "/graph/claims", "/ontology/Claim"]
    found: dict[str, str] = {}
    for path in start:
        with closing(client.get(path, headers=HTML)) as response:
            if response.mimetype == "text/html" and response.status_code == 200:
                found.update((link, path) for link in links_on(response.text, path) if link not in found)
    assert len(found) > 1000
    # Links of one form lead to one route; a sample of each keeps this short.
    by_form: dict[str, list[str]] = {}
    for link in sorted(found):
        by_form.setdefault(re.sub(r"[^/?=&.]*[\d-][^/?=&.]*|=[^&]*|(?<=/)[^/.?]+(?=$|[.?])", "", link), []).append(link)
    dead = []
    for links in by_form.values():
        for link in seeded.sample(links, min(len(links), 12)):
            with closing(client.get(link, headers=HTML)) as response:
                if response.status_code >= 400 or (
                    response.status_code != 304 and "Content-Length" not in response.headers
                ):
                    dead.append((link, found[link], response.status_code))
    assert dead == []
