"""A release on this machine."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Store
from rdflib import Dataset, Graph, URIRef

from kg.amounts import UNIT_SYMBOLS
from kg.api.frames import Answer, frame, listed
from kg.api.store import ReleaseStore
from kg.claims import flaw_columns
from kg.claims.claim_index import ClaimIndex
from kg.errors import DAMAGE, VitkError
from kg.reader import invocation
from kg.reader.query_parameters import as_text
from kg.reader.reader import Reader
from kg.release.release import Release, Releases
from kg.settings import load

if TYPE_CHECKING:
    from pandas import DataFrame


class LocalRelease:
    """One release, open for reading; any number of processes may read it. Graphs are views of its store on disk."""

    def __init__(self, release: Release) -> None:
        try:
            self._reader = Reader(release)
        except DAMAGE as error:
            raise release.damaged(error) from error
        self.release = release
        self.base_iri = release.base_iri

    @property
    def id(self) -> str:
        """The id of the release, to be cited with every number from it."""
        return self.release.id

    @cached_property
    def _store(self) -> ReleaseStore:
        return ReleaseStore(Store.read_only(str(self.release.store)), self._reader.vocabulary.prefixes)

    @cached_property
    def _claim_index(self) -> ClaimIndex:
        return ClaimIndex(self._reader)

    def dataset(self) -> Dataset:
        """Returns all named graphs of vitk; its default graph is their union. Imported graphs are not among them."""
        return Dataset(store=self._store, default_union=True)

    def graph(self, name: str = "") -> Graph:
        """Returns a read-only graph; nothing is loaded, so it opens at once however large it is.

        To change it, or to have it in memory, add it to a graph of your own: ``Graph() + release.graph("claims")``.

        Args:
            name: such as ``claims`` or ``evidence``, or its IRI; without one, all graphs together.

        Raises:
            VitkError: there is no such graph; with the names of those that are there.
        """
        whole = self.dataset()
        if not name:
            return whole
        iri = name if ":" in name else self._reader.vocabulary.graph(name)
        known = sorted(str(graph.identifier) for graph in self._store.contexts())
        if iri not in known:
            names = ", ".join(one.removeprefix(self._reader.vocabulary.graph("")) for one in known)
            raise VitkError(f"There is no graph {name!r}; there are {names}.")
        return whole.graph(URIRef(iri))

    def frame(self, query: str, **parameters: object) -> DataFrame:
        """Returns all rows of a query of the catalogue; see ``kg.api.frames.frame`` for columns and units.

        Args:
            query: its name, such as ``foods-by-form``.
            parameters: entities as IRIs, CURIEs or names (``form="mk-7"``), numbers and choices.

        Raises:
            VitkError: there is no such query, or a value is invalid; with the nearest ones.
        """
        prepared = invocation.prepare(self._reader, query, {name: str(value) for name, value in parameters.items()})
        found, _ = self._reader.page(prepared.query, prepared.values, 0, None)
        # A claim is never given without what is wrong with it.
        rows = flaw_columns.filled(prepared.query, found, self._claim_index) if prepared.query.claim_columns else found
        columns = (*prepared.query.columns, *flaw_columns.names(prepared.query))
        iris = {term.value for row in rows for term in row.values() if isinstance(term, NamedNode)}
        labels = {iri: named.label for iri, named in self._reader.references([], extra=iris).items()}
        about: dict[str, Any] = {
            "title": prepared.title,
            "summary": prepared.query.summary,
            "query": query,
            "parameters": {name: as_text(self._reader, value) for name, value in prepared.values.items()},
            "release": self.id,
            "units": dict(prepared.query.header.units),
        }
        symbols = {iri: symbol for iri, symbol in UNIT_SYMBOLS.items() if symbol}
        return frame(Answer(columns, rows, labels | symbols, about))

    def queries(self, words: str = "") -> DataFrame:
        """Returns name, title and parameters of the queries that contain all the words."""
        found = invocation.search_queries(self._reader.catalogue.public(), words)
        return listed((one.name, one.title, " ".join(given.name for given in one.parameters)) for one in found)


def open_release(data_dir: Path | str | None = None, release_id: str = "") -> LocalRelease:
    """Opens a release.

    Args:
        data_dir: the data folder; by default that of the settings, as for the command line.
        release_id: one of the retained releases; by default the current one.

    Raises:
        VitkError: there is no such release, or another version of vitk built it.
    """
    releases = Releases(Path(data_dir) if data_dir else load({}).data_dir)
    if not release_id:
        return LocalRelease(releases.require_current())
    found = releases.get(release_id)
    if found is None:
        known = ", ".join(one.id for one in releases.all())
        raise VitkError(f"There is no release {release_id!r} in {releases.data_dir}; there are: {known or 'none'}.")
    return LocalRelease(found)
