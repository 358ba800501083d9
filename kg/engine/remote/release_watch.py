"""What an engine elsewhere holds. The dataset says there which release it is, as it does at home; a push says so last.

So a store that was filled from the release's own N-Quads is known too, and one that says nothing is not trusted to hold
a release.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from kg.engine.interface.base import QueryError
from kg.rdf.vocabulary import OUTSIDE_PREFIXES

POLL_INTERVAL = 1.0
# Who changes what an engine holds says so first, and waits this long: then no server trusts its last look any more.
STALE_AFTER = 3.0
# Said in place of a release while one is being pushed.
INCOMPLETE = "incomplete"
_IDENTIFIER = NamedNode(OUTSIDE_PREFIXES["dcterms"] + "identifier")


def statement(base_iri: str, release: str) -> Quad:
    """What the dataset says of itself: which release it is."""
    return Quad(NamedNode(f"{base_iri}dataset"), _IDENTIFIER, Literal(release), NamedNode(f"{base_iri}graph/metadata"))


def release_query(base_iri: str) -> str:
    """Asks which release the graph says, as ``?named``, and the default graph, as ``?default``."""
    said = f"<{base_iri}dataset> {_IDENTIFIER}"
    return (
        "SELECT DISTINCT ?named ?default "
        f"{{ {{ GRAPH <{base_iri}graph/metadata> {{ {said} ?named }} }} UNION {{ {said} ?default }} }}"
    )


@dataclass(frozen=True)
class RemoteRelease:
    """The releases that an engine says it holds, and whether its default graph is the union of all graphs."""

    releases: frozenset[str]
    default_is_union: bool

    def trouble(self, release: str) -> str:
        """Why queries on a release are not to be answered, in a sentence or two; empty where they are."""
        if INCOMPLETE in self.releases:
            return (
                f"The engine does not hold all of release {release}, which this server serves: a push is under way, or "
                "did not end. Then run vitk push again."
            )
        if self.releases - {release}:
            remote = " and ".join(sorted(self.releases))
            return f"The engine holds release {remote}, this server serves {release}: run vitk push."
        if self.releases and not self.default_is_union:
            return (
                "The engine's default graph is not the union of its graphs, so most queries would find nothing. "
                "Start Oxigraph with --union-default-graph."
            )
        return ""


def read(rows: list[dict[str, str]]) -> RemoteRelease:
    """What the answer to ``question`` means: one row for each place and release."""
    named = frozenset(row["named"] for row in rows if "named" in row)
    return RemoteRelease(named, default_is_union=named <= {row["default"] for row in rows if "default" in row})


class ReleaseMonitor:
    """Asks again and again, in a thread of its own, what an engine holds.

    Args:
        ask: gives what it holds, or raises a ``QueryError``.
        release: which it should hold.
    """

    def __init__(self, ask: Callable[[], RemoteRelease], release: str) -> None:
        self._ask, self._release = ask, release
        self._looked, self._ended = threading.Event(), threading.Event()
        self._remote: RemoteRelease | None = None
        self._failure, self._polled = "The engine was not asked yet.", 0.0
        threading.Thread(target=self._watch, name="vitk engine elsewhere", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Whether there was a first look within these seconds."""
        return self._looked.wait(seconds)

    def end(self) -> None:
        self._ended.set()

    @property
    def misfit(self) -> str:
        """Why what the engine holds is not to be asked, in a sentence; empty where that is not known of it."""
        remote = self._remote
        return remote.trouble(self._release) if remote else ""

    @property
    def trouble(self) -> str:
        """Why queries can't be answered, in a sentence; empty where they can."""
        return self._failure or self.misfit

    @property
    def is_certain(self) -> bool:
        """Whether all that was answered until now came from the release."""
        remote, is_fresh = self._remote, time.monotonic() - self._polled < STALE_AFTER
        return remote is not None and self._release in remote.releases and not self.misfit and is_fresh

    def _watch(self) -> None:
        while not self._ended.wait(POLL_INTERVAL if self._looked.is_set() else 0):
            polled = time.monotonic()
            try:
                self._remote, self._failure, self._polled = self._ask(), "", polled
            except QueryError as failure:
                self._failure = str(failure) or "The engine does not answer in time."
            self._looked.set()
