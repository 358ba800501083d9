"""State of the application: settings, reader, engine, URLs and metrics. Created once, before the first request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from flask import Flask, current_app

from kg.answers.answers import Answers
from kg.claims import outcomes
from kg.claims.claim_index import ClaimIndex
from kg.engine.interface.base import Engine
from kg.entities.imported import ImportedStatements
from kg.exports.source import ExportSource
from kg.fragments.fragments import Fragments
from kg.index.documents import Document, DocumentIndex
from kg.reader.class_tree import ClassTree
from kg.reader.reader import Reader
from kg.reconciliation.matching import Matching
from kg.settings import Settings
from server.core.assets import Assets
from server.core.metrics import CacheStats, Metrics
from server.core.urls import Urls

_KEY = "vitk"


@dataclass
class AppState:
    """Everything the routes of one application share.

    Attributes:
        settings: limits and the public URL.
        reader: the release that is served.
        engine: runs untrusted queries.
        urls: builds all URLs.
        assets: the static files.
        metrics: the metrics of this process.
        cache_stats: returns the current statistics of the response cache.
    """

    settings: Settings
    reader: Reader
    engine: Engine
    urls: Urls
    assets: Assets
    metrics: Metrics
    cache_stats: Callable[[], CacheStats] = CacheStats

    @cached_property
    def claim_index(self) -> ClaimIndex:
        """The index of all claims of the release, built on first use."""
        return ClaimIndex(self.reader)

    @cached_property
    def answers(self) -> Answers:
        """What answers questions in everyday words, built on first use."""
        return Answers(self.reader, self.claim_index.propositions)

    @cached_property
    def query_documents(self) -> DocumentIndex:
        """The public queries of the catalogue, to search for."""
        return DocumentIndex(
            Document(query.name, query.title, query.summary, " ".join(query.tags))
            for query in self.reader.catalogue.public()
        )

    @cached_property
    def section_documents(self) -> DocumentIndex:
        """The sections of the sources, to search for; their keys are IRIs."""
        return DocumentIndex(
            Document(row["entity"].value, row["label"].value, "A section of a source, with its claims.")
            for row in self.reader.run("pages/counts-by-section", {})
        )

    @cached_property
    def export_source(self) -> ExportSource:
        """What exports of propositions read, built on first use."""
        return ExportSource(self.reader, self.claim_index.propositions)

    @cached_property
    def fragments(self) -> Fragments:
        """The triples of the release by pattern."""
        return Fragments(self.reader)

    @cached_property
    def imported(self) -> ImportedStatements:
        """The imported graphs of the release."""
        return ImportedStatements(self.reader)

    @cached_property
    def matching(self) -> Matching:
        """What reconciles names with entities, built on first use."""
        return Matching(self.reader)

    @cached_property
    def classes(self) -> ClassTree:
        """The class hierarchy of the ontology, built on first use."""
        return ClassTree(self.reader)

    @cached_property
    def page_iris(self) -> tuple[str, ...]:
        """IRIs of the terms and then the entities that have pages, read on first use."""
        terms = {row["term"].value for row in self.reader.run("pages/ontology-terms", {})}
        entities = [row["entity"].value for row in self.reader.run("pages/sitemap", {})]
        return (*sorted(terms), *sorted(entities))

    def warm(self) -> None:
        """Loads the data that every page needs, so that the first requests do not wait for it."""
        self.reader.warm()
        self.claim_index.warm()
        outcomes.warm(self.claim_index)
        self.answers  # noqa: B018

    def observe(self) -> None:
        """Updates the metrics from the engine and the cache."""
        self.metrics.observe(self.engine.state(), self.cache_stats())


def attach(app: Flask, state: AppState) -> None:
    """Attaches the state to an app, where ``app_state`` finds it."""
    app.extensions[_KEY] = state


def state_of(app: Flask) -> AppState:
    """Returns the state of an app."""
    state: AppState = app.extensions[_KEY]
    return state


def app_state() -> AppState:
    """Returns the state of the app that handles the current request."""
    return state_of(current_app)
