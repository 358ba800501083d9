"""One release as it is served: the application, its query engine and its response caches."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from flask import Flask

from kg.engine.factory import engine_for, fits_in_memory
from kg.engine.interface.base import Engine
from kg.errors import DAMAGE
from kg.reader.reader import Reader
from kg.release.release import Release
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
    """Everything that serves one release."""

    release: Release
    engine: Engine
    app: Flask
    cache: ResponseCache
    loading: BackgroundWarmup

    def observe(self) -> None:
        """Updates the metrics of engine and cache."""
        state_of(self.app).observe()

    def count_release_error(self) -> None:
        """Counts another release that could not be opened."""
        state_of(self.app).metrics.release_error()

    def close(self) -> None:
        """Stops warm-up and engine; running queries fail."""
        self.loading.stop()
        self.engine.close()


def serve_release(settings: Settings, release: Release, processors: CpuAffinity, metrics: Metrics) -> ReleaseApp:
    """Opens a release: reader, engine, application, caches, warm-up.

    Raises:
        VitkError: the release cannot be read.
    """
    with contextlib.ExitStack() as on_failure:
        try:
            reader = Reader(release, processors.unpinned)
            engine = engine_for(settings, release)
            on_failure.callback(engine.close)
            app = create_app(settings, reader, engine, metrics)
            state_of(app).warm()
        except DAMAGE as error:
            raise release.damaged(error) from error
        on_failure.pop_all()
    limit = settings.cache_mib << 20
    pages = page_cache(app, limit // 4)
    cache = query_cache(SparqlFastPath(pages, state_of(app)), limit * 3 // 4)
    state_of(app).cache_stats = lambda: cache.stats() + pages.stats()
    loading = BackgroundWarmup(app.jinja_env, reader, engine, to_memory=fits_in_memory(settings, release))
    return ReleaseApp(release, engine, app, cache, loading)
