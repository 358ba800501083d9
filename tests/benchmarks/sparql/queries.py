"""Queries of the benchmark as requests. A query asked for the first time is about another subject each time, or has a
comment of its own where it is about the graph as a whole."""

from __future__ import annotations

import gzip
import random
import re
import urllib.parse
from collections.abc import Callable, Iterator
from itertools import count, cycle
from pathlib import Path

from tests.benchmarks import load
from tests.benchmarks.peers import Peer

PREFIXES = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX vitk: <https://w3id.org/vitk/ontology#>
PREFIX id: <https://w3id.org/vitk/id/>
"""
LOOKUP = "point lookup"
QUERIES = {
    "ASK {}": "ASK {}",
    "1,000-row join": "SELECT ?s ?label ?kind ?kindLabel { ?s a ?kind ; rdfs:label ?label . ?kind rdfs:label ?kindLabel } LIMIT 1000",
    "aggregate": "SELECT ?group (COUNT(?food) AS ?foods) (AVG(?amount) AS ?mean) { ?food vitk:hasMeasurement ?m . ?m vitk:ofAnalyte id:phylloquinone ; vitk:microgramsPer100Grams ?amount . ?food vitk:inFoodGroup ?group } GROUP BY ?group",
    "counted scan": "SELECT ?kind (COUNT(?s) AS ?n) { { SELECT ?s ?kind { ?s a ?kind } LIMIT 5000 } } GROUP BY ?kind ORDER BY DESC(?n)",
    "three joins": "SELECT ?effect ?section (COUNT(*) AS ?n) { ?c vitk:effect ?effect ; dcterms:source ?section ; vitk:subject ?s ; vitk:object ?o . ?s a ?k . ?o a ?l } GROUP BY ?effect ?section",
    "100,000-row CSV": "SELECT ?s ?p ?o { { ?s ?p ?o } UNION { ?s ?p ?o } UNION { ?s ?p ?o } UNION { ?s ?p ?o } } LIMIT 100000",
}
_SUBJECT = re.compile(rb"<([^>]+)>")
_PLACE = "0123456789"
_SEED = 1


class Requests:
    """Makes requests to any server.

    Args:
        dump: N-Quads whose subjects are drawn, each once before any comes again.
    """

    def __init__(self, dump: Path) -> None:
        subjects = sorted(_subjects(dump))
        random.Random(_SEED).shuffle(subjects)
        self.number_of_subjects = len(subjects)
        self._subjects, self._numbers = cycle(subjects), count()

    def first(self, peer: Peer, query: str) -> Callable[[], bytes]:
        """Makes requests of which none was made before: a cache is of no use."""
        text = _lookup(_PLACE) if query == LOOKUP else f"{PREFIXES}{QUERIES[query]} #{_PLACE}"
        # All but what differs is made beforehand: clients share the processors with the servers.
        before, after = load.request(_address(peer, text), _accept(query)).split(_PLACE.encode())
        if query == LOOKUP:
            subjects = self._subjects
            return lambda: b"%b%b%b" % (before, next(subjects), after)
        return lambda: b"%b%d%b" % (before, next(self._numbers), after)

    def repeated(self, peer: Peer, query: str, *, conditional: bool = False) -> Callable[[], bytes]:
        """Makes one request again and again.

        Args:
            conditional: whether the client has the answer already and says so.
        """
        text = _lookup("https://w3id.org/vitk/id/natto") if query == LOOKUP else PREFIXES + QUERIES[query]
        headers = _accept(query)
        if conditional:
            headers["If-None-Match"] = load.header(load.request(_address(peer, text), headers), peer.query, "etag")
        fixed = load.request(_address(peer, text), headers)
        return lambda: fixed


def _lookup(subject: str) -> str:
    return f"SELECT ?p ?o {{ <{subject}> ?p ?o }}"


def _accept(query: str) -> dict[str, str]:
    return {"Accept": "text/csv" if query.endswith("CSV") else "application/sparql-results+json"}


def _address(peer: Peer, query: str) -> str:
    return f"{peer.query}?{urllib.parse.urlencode({'query': query})}"


def _subjects(dump: Path) -> Iterator[bytes]:
    """Yields the IRIs of all subjects, percent-encoded."""
    before = b""
    seen = set[bytes]()
    with gzip.open(dump) as lines:
        for line in lines:
            found = _SUBJECT.match(line)
            if found and found[1] != before and found[1] not in seen:
                before = found[1]
                seen.add(before)
                yield urllib.parse.quote_from_bytes(before, safe="").encode()
