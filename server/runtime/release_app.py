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
from server.core.state import state_of
from server.middleware.cache.middleware import ResponseCache
from server.middleware.cache.regions import page_cache, query_cache
from server.middleware.cpu_affinity import CpuAffinity
from server.runtime.warmup import BackgroundWarmup
from server.sparql.fast_path import SparqlFastPath


@dataclass(frozen=True)
class ReleaseApp:
    """What serves one release."""

    release: Release
    engine: Engine
    app: Flask
    cache: ResponseCache
    loading: BackgroundWarmup

    def observe(self) -> None:
        """Notes for operators how things are."""
        state_of(self.app).observe()

    def close(self) -> None:
        """Ends what runs beside the requests; queries under way fail."""
        self.loading.stop()
        self.engine.close()


def serve_release(settings: Settings, release: Release, processors: CpuAffinity, metrics: Metrics) -> ReleaseApp:
    """Opens a release for serving."""
    reader = Reader(release, processors.unpinned)
    engine = engine_of(settings, reader)
    app = create_app(settings, reader, engine, metrics)
    limit, waiting = settings.cache_mib << 20, settings.query_queue
    pages = page_cache(app, limit // 4, waiting)
    cache = query_cache(SparqlFastPath(pages, state_of(app)), limit * 3 // 4, waiting)
    state_of(app).cache_stats = lambda: cache.stats() + pages.stats()
    state_of(app).warm()
    loading = BackgroundWarmup(app.jinja_env, reader, engine, to_memory=belongs_in_memory(settings, release))
    return ReleaseApp(release, engine, app, cache, loading)


def belongs_in_memory(settings: Settings, release: Release) -> bool:
    """Whether a release is small enough for being queried in memory."""
    return release.manifest.counts.triples <= settings.in_memory_quads


def engine_of(settings: Settings, reader: Reader) -> Engine:
    """The engine that the settings ask for."""
    release = reader.release
    if settings.remote_endpoint:
        return RemoteEngine(
            settings.remote_endpoint,
            release,
            size=settings.query_workers,
            waiting=settings.query_queue,
            result=settings.query_result_mib << 20,
            prefixes=reader.vocabulary.prefixes,
        )
    return WorkerPool(
        release,
        size=settings.query_workers,
        waiting=settings.query_queue,
        in_memory=belongs_in_memory(settings, release),
        limits=Limits(settings.query_memory_mib << 20, settings.query_result_mib << 20, settings.service_allowlist),
        prefixes=reader.vocabulary.prefixes,
    )
