"""Chooses the engine that runs untrusted queries."""

from __future__ import annotations

from kg.engine.interface.base import Engine
from kg.engine.workers.pool import WorkerPool
from kg.engine.workers.worker import Limits
from kg.errors import VitkError
from kg.rdf.vocabulary import Vocabulary
from kg.release.release import Release
from kg.settings import Settings

# Queries that may wait for a worker, each in a thread; usually the time that they would wait is a narrower limit.
MAX_WAITING = 96
# Seconds after which a start is given up; a large release takes minutes to load.
START_TIMEOUT = 600.0


def engine_for(settings: Settings, release: Release) -> Engine:
    """Starts the engine that the settings ask for: a remote endpoint, or local worker processes.

    Args:
        settings: limits, number of workers, remote endpoint.
        release: the release that is queried; its prefixes are used in results and suggested in error messages.
    """
    prefixes = Vocabulary(release.base_iri).prefixes
    if settings.remote_endpoint:
        # Its HTTP and TLS modules take as long to import as all the rest of the engine.
        from kg.engine.remote.engine import RemoteEngine

        return RemoteEngine(
            settings.remote_endpoint,
            release,
            size=settings.query_workers,
            max_wait=settings.query_wait,
            max_waiting=MAX_WAITING,
            result=settings.query_result_mib << 20,
            prefixes=prefixes,
        )
    return WorkerPool(
        release,
        size=settings.query_workers,
        max_wait=settings.query_wait,
        max_waiting=MAX_WAITING,
        in_memory=fits_in_memory(settings, release),
        limits=Limits(settings.query_memory_mib << 20, settings.query_result_mib << 20, settings.service_allowlist),
        prefixes=prefixes,
    )


def wait_for_workers(engine: Engine, settings: Settings) -> None:
    """Waits until the local workers of an engine have started. A remote endpoint may become ready later.

    Raises:
        VitkError: local worker processes cannot be started.
    """
    if not engine.wait_until_ready(START_TIMEOUT) and not settings.remote_endpoint:
        raise VitkError(engine.state().trouble or f"Query workers have not started within {START_TIMEOUT:g} s.")


def fits_in_memory(settings: Settings, release: Release) -> bool:
    """Returns whether a release is small enough to be queried in memory."""
    return release.manifest.counts.triples <= settings.in_memory_quads
