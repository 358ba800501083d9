"""The composition root of one serving process, which granian loads: ``gateway``.

It stacks the middleware; ``server.middleware`` gives the order and the reasons. Imports are inside the
function, because prometheus_client must find its folder in the environment when it is imported.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from dataclasses import replace
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg import settings as settings_module
from kg.errors import VitkError

if TYPE_CHECKING:
    from kg.release.release import Release
    from server.gateway.gateway import Gateway
    from server.http.wsgi_types import Application
    from server.runtime.release_app import ReleaseApp

# Environment variable, named by prometheus_client: the folder in which serving processes share their metrics.
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# A body must be complete within the time limit of a query, but has never less than these seconds.
_MIN_BODY_TIMEOUT = 10.0
# Seconds for which a connection may be idle, besides the time limit of a query.
_IDLE = 60.0
# The largest results that may be on their way to clients at once.
_RESULTS_BEING_SENT = 16


def gateway() -> Gateway:
    """Builds what answers in one serving process from the settings that ``vitk serve`` left in the environment.

    Raises:
        SystemExit: there is no release, or it cannot be read.
    """
    from kg.engine.factory import wait_for_workers
    from kg.engine.workers import process
    from kg.release.release import Releases
    from server.core.metrics import Metrics
    from server.gateway import housekeeping
    from server.gateway.connections import SlowConnections
    from server.gateway.gateway import Gateway
    from server.gateway.request_bodies import Budget, Uploads
    from server.gateway.spool import Spool
    from server.middleware.access_log import with_access_log
    from server.middleware.cpu_affinity import CpuAffinity, CpuAffinityMiddleware
    from server.middleware.path_prefix import PathPrefixMiddleware
    from server.middleware.request_line import RequestLineMiddleware
    from server.runtime.release_app import serve_release
    from server.runtime.release_router import ReleaseRouter

    settings, metrics_folder, parent = settings_module.load({}), Path(os.environ[METRICS_FOLDER]), os.getppid()
    process.die_with_parent(parent, signal.SIGTERM)
    # Ctrl-C reaches all processes of the terminal. Here it would make granian wait for idle connections; the
    # supervising process ends this one by SIGTERM, which does not.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    Finalize(None, _remove_metrics, (parent, metrics_folder), exitpriority=0)
    process.configure_malloc()
    affinity, metrics = CpuAffinity(), Metrics(metrics_folder)
    releases = Releases(settings.data_dir)

    def open_ready(release: Release, *, is_current: bool) -> ReleaseApp:
        # A pinned older release is read from disk by one worker.
        modest = replace(settings, query_workers=1, in_memory_quads=0, cache_mib=4)
        opened = serve_release(settings if is_current else modest, release, affinity, metrics)
        try:
            wait_for_workers(opened.engine, settings)
        except VitkError:
            opened.close()
            raise
        return opened

    try:
        first = serve_release(settings, releases.require_current(), affinity, metrics)
    except VitkError as error:
        # The command line has checked the files; this is for damage inside them.
        sys.exit(f"vitk: {error}")
    app: Application = ReleaseRouter(releases, first, open_ready, drain_timeout=2 * settings.query_timeout)
    app = CpuAffinityMiddleware(app, affinity)
    app = RequestLineMiddleware(app)
    if path := urlsplit(settings.public_url).path:
        app = PathPrefixMiddleware(app, path)
    if settings.access_log:
        app = with_access_log(app)
    spool = Spool(_spool_folder(metrics_folder), _RESULTS_BEING_SENT * settings.query_result_mib << 20)
    uploads = Uploads(max(_MIN_BODY_TIMEOUT, settings.query_timeout))
    housekeeping.start(uploads, spool, SlowConnections(settings.port, settings.query_timeout + _IDLE))
    return Gateway(app, uploads, spool, Budget())


def _spool_folder(metrics_folder: Path) -> Path:
    """Makes a folder for responses, on the file system where workers write their results; removed with the metrics."""
    for folder in metrics_folder.glob("responses-*"):
        # A process that was killed leaves its responses.
        if not Path("/proc", folder.name.rpartition("-")[2]).exists():
            shutil.rmtree(folder, ignore_errors=True)
    own = metrics_folder / f"responses-{os.getpid()}"
    own.mkdir()
    return own


def _remove_metrics(parent: int, folder: Path) -> None:
    """Removes the folder if the supervising process is ending; after a kill it cannot do so itself."""
    from kg.engine.workers import process

    if process.is_ending(parent):
        shutil.rmtree(folder, ignore_errors=True)
