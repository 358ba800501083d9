"""A server whose public address has a path: every link of ours begins with it, and leads somewhere."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.release.release import Release
from tests.support.servers import Running

PATH = "/vitamin/k"
PAGES = [
    "/", "/search?q=mk-7", "/page/menaquinone-7", "/page/natto", "/page/claim-f034-1", "/ontology", "/ontology/Food",
    "/sparql", "/sparql?example=circulation-times", "/api", "/api/v1/queries/circulation-times", "/diet", "/compare",
    "/dataset", "/graph/claims", "/page/no-such-thing",
]  # fmt: skip
DOCUMENTS = ["/api/v1/search?q=mk-7", "/api/v1/foods?form=mk-7", "/api/v1/queries", "/data/natto.linkset"]
# An address of this host in an attribute, a header or a value; "//" would be one of another host.
IN_PAGES = re.compile(r"""(?:href|src|action|data-[a-z-]+)=["'](/[^/"'][^"']*|/)["']""")
IN_HEADERS = re.compile(r"<(/[^/>][^>]*)>")


@pytest.fixture(scope="module")
def prefixed(serve: Callable[..., Running], release: Release, data_dir: Path) -> Running:
    # From disk it starts sooner; no part of a page is left out.
    settings = {"in_memory_quads": 0, "page_budget_ms": 60_000}
    return serve("--no-build", data_dir=data_dir, public_url=f"https://example.org{PATH}/", **settings)


def get(address: str, accept: str = "*/*") -> tuple[int, str, str]:
    """Status, headers and text, without an error for an error."""
    request = urllib.request.Request(address, headers={"Accept": accept})
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, str(answer.headers), answer.read().decode("utf-8", "replace")


def local(value: object) -> Iterator[str]:
    """The addresses of this host anywhere in a JSON document."""
    if isinstance(value, str):
        yield from [value] if value.startswith("/") else []
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from local(one)


def links(address: str, kind: str) -> set[str]:
    status, headers, text = get(address, kind)
    assert status == (404 if "no-such" in address else 200), address
    found = set(IN_HEADERS.findall(headers))
    return found | set(local(json.loads(text)) if "json" in kind else IN_PAGES.findall(text))


@pytest.mark.parametrize("passed_on", ["", PATH], ids=["left out by the proxy", "passed on by the proxy"])
def test_every_link_begins_with_the_path_and_leads_somewhere(prefixed: Running, passed_on: str) -> None:
    base = prefixed.address + passed_on
    found = {link: page for page in PAGES for link in links(base + page, "text/html")}
    found |= {
        link: page for page in DOCUMENTS for link in links(base + page, "application/json, application/linkset+json")
    }
    assert len(found) > 300
    assert {link: page for link, page in found.items() if not link.startswith(f"{PATH}/")} == {}
    kinds = {re.sub(r"[^/]*$", "", link.partition("?")[0]): link.replace("&amp;", "&") for link in found}
    assert {
        link: get(prefixed.address + link)[0] for link in kinds.values() if get(prefixed.address + link)[0] >= 400
    } == {}


def test_an_identifier_leads_to_a_page_under_the_path(prefixed: Running) -> None:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.build_opener(Stay).open(f"{prefixed.address}/id/natto")
    with raised.value as answer:
        assert (answer.code, answer.headers["Location"]) == (303, f"{PATH}/page/natto")
