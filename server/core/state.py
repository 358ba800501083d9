"""What every route needs: settings, reader, engine, addresses, counts. Made once, before the first request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from flask import Flask, current_app

from kg.claims import outcomes
from kg.claims.claim_index import ClaimIndex
from kg.engine.interface.base import Engine
from kg.reader.class_tree import ClassTree
from kg.reader.reader import Reader
from kg.settings import Settings
from server.core.assets import Assets
from server.core.metrics import CacheStats, Metrics
from server.core.urls import Urls

_KEY = "vitk"


@dataclass
class AppState:
    settings: Settings
    reader: Reader
    engine: Engine
    urls: Urls
    assets: Assets
    metrics: Metrics
    cache_stats: Callable[[], CacheStats] = CacheStats

    @cached_property
    def claim_index(self) -> ClaimIndex:
        """All claims of the release."""
        return ClaimIndex(self.reader)

    @cached_property
    def classes(self) -> ClassTree:
        """The classes of the ontology."""
        return ClassTree(self.reader)

    def warm(self) -> None:
        """Reads what every page needs, so that the first ones do not wait for it."""
        self.reader.warm()
        self.claim_index.warm()
        outcomes.warm(self.claim_index)

    def observe(self) -> None:
        """Notes for operators how things are."""
        self.metrics.observe(self.engine.state(), self.cache_stats(), from_memory=self.reader.is_in_memory)


def attach(app: Flask, site: AppState) -> None:
    app.extensions[_KEY] = site


def state_of(app: Flask) -> AppState:
    """The site of an app."""
    found = app.extensions[_KEY]
    assert isinstance(found, AppState)
    return found


def app_state() -> AppState:
    """The site of the app that handles this request."""
    return state_of(current_app)
