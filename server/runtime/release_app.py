"""One release as it is served: the application, the engine that it asks, and the answers that are kept."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from kg.engine.factory import engine_for, fits_in_memory
from kg.engine.interface.base import Engine
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
    engine = engine_for(settings, release)
    app = create_app(settings, reader, engine, metrics)
    limit, waiting = settings.cache_mib << 20, settings.query_queue
    pages = page_cache(app, limit // 4, waiting)
    cache = query_cache(SparqlFastPath(pages, state_of(app)), limit * 3 // 4, waiting)
    state_of(app).cache_stats = lambda: cache.stats() + pages.stats()
    state_of(app).warm()
    loading = BackgroundWarmup(app.jinja_env, reader, engine, to_memory=fits_in_memory(settings, release))
    return ReleaseApp(release, engine, app, cache, loading)
