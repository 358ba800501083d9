"""The redirect rules for w3id.org, interpreted as Apache does: every kind of IRI in the graph leads to a route."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Store

from kg.errors import VitkError
from kg.exports import w3id
from kg.release.release import Release

BASE, PUBLIC = "https://w3id.org/vitk/", "http://localhost"
# IRIs that are minted beside the triples, see kg/exports and kg/rdf.
OTHERS = ("methods", "context.jsonld", "dataset.ttl", "id/natto.ttl", "data/natto.jsonld", "graph/claims.nt")


def redirected(rules: str, path: str) -> str:
    """Where the rules of a folder lead a path below it: the first rule that matches wins, as all end with L."""
    for pattern, target, flags in re.findall(r"^RewriteRule (\S+) (\S+) \[(\S+)\]$", rules, re.MULTILINE):
        assert {"L", "R=302"} <= set(flags.split(","))
        # Apache matches the decoded path.
        if found := re.match(pattern, unquote(path)):
            return re.sub(r"\$(\d)", lambda number: found[int(number[1])], target)
    return ""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    target = tmp_path_factory.mktemp("w3id") / "vitk"
    w3id.export(BASE, PUBLIC + "/", target)
    assert "Maintainers" in (target / "README.md").read_text("utf-8")
    return (target / ".htaccess").read_text("utf-8")


def minted(release: Release) -> dict[str, str]:
    """One IRI of the graph for each folder under the base, and each kind of name in the ontology's."""
    found: dict[str, str] = {}
    for quad in Store.read_only(str(release.store)):
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, NamedNode) and term.value.startswith(BASE):
                name = term.value.removeprefix(BASE)
                found.setdefault(re.split(r"(?<=[/#])", name)[0], name)
    return found


def test_every_kind_of_iri_in_the_graph_leads_to_a_route(
    rules: str, small_release: Release, client: FlaskClient
) -> None:
    names = minted(small_release)
    assert set(names) == {
        "id/",
        "graph/",
        "ontology#",
        "ontology",
        "ontology/",
        "dataset",
        "dataset/",
        "code/",
        "static/",
        "about",
        "guide",
    }
    for name in (*names.values(), *OTHERS, ""):
        # A fragment stays with the client.
        to = redirected(rules, name.partition("#")[0])
        assert to.startswith(PUBLIC + "/"), name
        for accept in ("text/html", "*/*"):
            response = client.get(to.removeprefix(PUBLIC), headers={"Accept": accept}, follow_redirects=True)
            assert response.status_code == 200, (name, accept)


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "application/rdf+xml", "text/html"])
@pytest.mark.parametrize("name", ["id/natto", "ontology", "ontology/0.1.0", "dataset", "graph/claims"])
def test_the_server_negotiates_what_the_rules_pass_on(name: str, accept: str, rules: str, client: FlaskClient) -> None:
    path = redirected(rules, name).removeprefix(PUBLIC)
    response = client.get(path, headers={"Accept": accept}, follow_redirects=True)
    assert (response.status_code, response.mimetype) == (200, accept)


@pytest.mark.parametrize(
    ("base", "public", "said"),
    [("https://example.org/vitk/", PUBLIC, "not a folder of"), (BASE, "", "--public-url")],
)
def test_what_w3id_cannot_redirect_is_an_error(base: str, public: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(VitkError, match=said):
        w3id.export(base, public, tmp_path / "w3id")
    assert not (tmp_path / "w3id").exists()
