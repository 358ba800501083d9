"""One release as it is served: the application, the engine that it asks, and the answers that are kept."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from kg.engine.base import Engine
from kg.engine.remote.engine import RemoteEngine
from kg.engine.workers.pool import WorkerPool
from kg.engine.workers.worker import Limits
from kg.reader.reader import Reader
from kg.release import Release
from kg.settings import Settings
from server.app import create_app
from server.core.metrics import Metrics
from server.core.state import attached
from server.middleware.cache.middleware import KeptAnswers
from server.middleware.cache.regions import kept_pages, kept_queries
from server.middleware.cpu_affinity import Processors
from server.runtime.warmup import Loading
from server.sparql.fast_path import Shortcut


@dataclass(frozen=True)
class Serving:
    """What serves one release."""

    release: Release
    engine: Engine
    app: Flask
    kept: KeptAnswers
    loading: Loading

    def observe(self) -> None:
        """Notes for operators how things are."""
        attached(self.app).observe()

    def close(self) -> None:
        """Ends what runs beside the requests; queries under way fail."""
        self.loading.stop()
        self.engine.close()


def serve_release(settings: Settings, release: Release, processors: Processors, metrics: Metrics) -> Serving:
    """Opens a release for serving."""
    reader = Reader(release, processors.anywhere)
    engine = engine_of(settings, reader)
    app = create_app(settings, reader, engine, metrics)
    limit, waiting = settings.kept_mib << 20, settings.query_waiting
    pages = kept_pages(app, limit // 4, waiting)
    kept = kept_queries(Shortcut(pages, attached(app)), limit * 3 // 4, waiting)
    attached(app).kept = lambda: kept.state() + pages.state()
    attached(app).warm()
    loading = Loading(app.jinja_env, reader, engine, to_memory=belongs_in_memory(settings, release))
    return Serving(release, engine, app, kept, loading)


def belongs_in_memory(settings: Settings, release: Release) -> bool:
    """Whether a release is small enough for being queried in memory."""
    return int(release.manifest["counts"]["triples"]) <= settings.in_memory_quads


def engine_of(settings: Settings, reader: Reader) -> Engine:
    """The engine that the settings ask for."""
    release = reader.release
    if settings.engine:
        return RemoteEngine(
            settings.engine,
            release,
            size=settings.query_workers,
            waiting=settings.query_waiting,
            result=settings.query_result_mib << 20,
            prefixes=reader.vocabulary.prefixes,
        )
    return WorkerPool(
        release,
        size=settings.query_workers,
        waiting=settings.query_waiting,
        in_memory=belongs_in_memory(settings, release),
        limits=Limits(settings.query_memory_mib << 20, settings.query_result_mib << 20, settings.services),
        prefixes=reader.vocabulary.prefixes,
    )
