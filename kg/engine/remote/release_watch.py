"""Monitors which release a remote endpoint contains.

The dataset itself states its release in the metadata graph; a push inserts that statement last. So a store loaded from
the release's N-Quads is recognised too, and a store without the statement is not trusted to contain a release.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from kg.engine.interface.base import QueryError
from kg.rdf.vocabulary import OUTSIDE_PREFIXES

# In seconds.
POLL_INTERVAL = 1.0
# In seconds. Whoever changes the content of an endpoint withdraws the statement first and waits this long; by then no
# server trusts its last check.
STALE_AFTER = 3.0
# Stated in place of a release id while a push is running.
INCOMPLETE = "incomplete"
_IDENTIFIER = NamedNode(OUTSIDE_PREFIXES["dcterms"] + "identifier")


def statement(base_iri: str, release: str) -> Quad:
    """Returns the quad by which the dataset states its release."""
    return Quad(NamedNode(f"{base_iri}dataset"), _IDENTIFIER, Literal(release), NamedNode(f"{base_iri}graph/metadata"))


def release_query(base_iri: str) -> str:
    """Returns a query for the release id in the metadata graph (``?named``) and the default graph (``?default``)."""
    pattern = f"<{base_iri}dataset> {_IDENTIFIER}"
    return (
        "SELECT DISTINCT ?named ?default "
        f"{{ {{ GRAPH <{base_iri}graph/metadata> {{ {pattern} ?named }} }} UNION {{ {pattern} ?default }} }}"
    )


@dataclass(frozen=True)
class RemoteRelease:
    """The releases that an endpoint states, and whether its default graph is the union of all graphs."""

    releases: frozenset[str]
    default_is_union: bool

    def trouble(self, release: str) -> str:
        """Returns why the endpoint cannot be used for a release, in a sentence or two; empty if it can."""
        if INCOMPLETE in self.releases:
            return (
                f"The endpoint does not contain all of release {release}: a push is running or was "
                "interrupted. If no push is running, run vitk push again."
            )
        if self.releases - {release}:
            remote = " and ".join(sorted(self.releases))
            return f"The endpoint contains release {remote}, but this server serves {release}: run vitk push."
        if self.releases and not self.default_is_union:
            return (
                "The endpoint's default graph is not the union of its graphs, so most queries would find nothing. "
                "Start Oxigraph with --union-default-graph."
            )
        return ""


def read(rows: list[dict[str, str]]) -> RemoteRelease:
    """Reads the result of ``release_query``, which has one row for each place and release."""
    named = frozenset(row["named"] for row in rows if "named" in row)
    return RemoteRelease(named, default_is_union=named <= {row["default"] for row in rows if "default" in row})


class ReleaseMonitor:
    """Checks in a thread, once every ``POLL_INTERVAL``, which release an endpoint contains.

    Args:
        ask: returns the state of the endpoint, or raises a ``QueryError``.
        release: id of the release that it should contain.
    """

    def __init__(self, ask: Callable[[], RemoteRelease], release: str) -> None:
        self._ask, self._release = ask, release
        self._looked, self._ended = threading.Event(), threading.Event()
        self._remote: RemoteRelease | None = None
        self._failure, self._polled = "The endpoint has not been checked yet.", 0.0
        threading.Thread(target=self._watch, name="vitk release monitor", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Waits up to ``seconds`` for the first check; returns whether it has been made."""
        return self._looked.wait(seconds)

    def end(self) -> None:
        """Stops checking."""
        self._ended.set()

    @property
    def misfit(self) -> str:
        """Why the content of the endpoint cannot be used, in a sentence; empty if no problem is known."""
        remote = self._remote
        return remote.trouble(self._release) if remote else ""

    @property
    def trouble(self) -> str:
        """Why queries cannot be answered, in a sentence; empty if they can."""
        return self._failure or self.misfit

    @property
    def is_certain(self) -> bool:
        """Whether every response until now certainly came from the release."""
        remote, is_fresh = self._remote, time.monotonic() - self._polled < STALE_AFTER
        return remote is not None and self._release in remote.releases and not self.misfit and is_fresh

    def _watch(self) -> None:
        while not self._ended.wait(POLL_INTERVAL if self._looked.is_set() else 0):
            polled = time.monotonic()
            try:
                self._remote, self._failure, self._polled = self._ask(), "", polled
            except QueryError as failure:
                self._failure = str(failure) or "The endpoint did not respond in time."
            self._looked.set()
