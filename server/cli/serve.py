"""``vitk serve``, ``query`` and ``push``, added to the commands of ``kg.cli``."""

from __future__ import annotations

import math
import os
import shutil
import signal
import socket
import tempfile
from dataclasses import replace
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from rich.console import Console

from kg import settings as settings_module
from kg.cli import build_with_progress, commands, with_settings
from kg.errors import VitkError
from kg.settings import Settings
from server.cli import mcp, query  # noqa: F401 - add their commands

if TYPE_CHECKING:
    from kg.release import Release
    from server.http.wsgi_types import Application
    from server.runtime.release_app import ReleaseApp

# Threads that pages and the API have for themselves while every other one waits for a query.
THREADS_BESIDE_QUERIES = 6
# In the environment: where serving processes leave their figures for each other, as prometheus_client has it named.
_FIGURES = "PROMETHEUS_MULTIPROC_DIR"
_NEW_RELEASE_TIMEOUT = 600


def main() -> None:
    """The console script."""
    commands()


@commands.command()
@click.option("--no-build", is_flag=True, help="Serve the release that is there, whatever the curated files say.")
@with_settings(*(row.name for row in settings_module.table()))
def serve(settings: Settings, no_build: bool) -> None:
    """Serve the graph, built first where there is none of the present inputs."""
    port = _free_port(settings)
    if not no_build:
        _ensure_release(settings)
    _check_release(settings)
    address = settings.public_url or f"http://{_in_url(settings.host)}:{port}"
    Console(highlight=False).print(
        f"home    {address}/\nSPARQL  {address}/sparql\nAPI     {address}/api/v1/search?q=mk-7\nCtrl-C stops it."
    )
    with tempfile.TemporaryDirectory(prefix="vitk-figures-") as figures:
        os.environ |= settings_module.environment_of(settings) | {_FIGURES: figures}
        _serve(settings, port)


def _serve(settings: Settings, port: int) -> None:
    # Loaded before the workers are forked, so that they share it, and when it is known where figures go.
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    import server.runtime.release_app  # noqa: F401

    Granian(
        "server.cli.serve:application",
        address=settings.host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.query_workers + 3 * settings.query_queue + THREADS_BESIDE_QUERIES,
        factory=True,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=math.ceil(settings.query_timeout) + 5,
        websockets=False,
    ).serve()


def application() -> Application:
    """The application of one serving process, with the settings that ``serve`` left in the environment.

    Raises:
        VitkError: there is no release.
    """
    from kg.engine.workers import process
    from kg.release import Releases
    from server.core.metrics import Metrics
    from server.middleware.access_log import with_access_log
    from server.middleware.cpu_affinity import CpuAffinity, CpuAffinityMiddleware
    from server.middleware.path_prefix import PathPrefixMiddleware
    from server.middleware.request_body import RequestBodyMiddleware
    from server.runtime.release_app import serve_release
    from server.runtime.release_router import ReleaseRouter

    settings, figures, parent = settings_module.load({}), Path(os.environ[_FIGURES]), os.getppid()
    process.die_with_parent(parent, signal.SIGTERM)
    Finalize(None, _clear_up_after, (parent, figures), exitpriority=0)
    process.configure_malloc()
    processors, metrics = CpuAffinity(), Metrics(figures)
    releases = Releases(settings.data_dir)
    release = releases.require_current()

    def open_ready(release: Release, *, is_current: bool) -> ReleaseApp:
        # An older one that somebody pinned is read from disk by one worker.
        modest = replace(settings, query_workers=1, query_queue=0, in_memory_quads=0, cache_mib=4)
        opened = serve_release(settings if is_current else modest, release, processors, metrics)
        opened.engine.wait_until_ready(_NEW_RELEASE_TIMEOUT)
        return opened

    serving = serve_release(settings, release, processors, metrics)
    at_home = CpuAffinityMiddleware(
        ReleaseRouter(releases, serving, open_ready, 2 * settings.query_timeout), processors
    )
    # As many as may wait for the engine.
    buffered = RequestBodyMiddleware(at_home, settings.query_queue + 1)
    path = urlsplit(settings.public_url).path
    reached: Application = PathPrefixMiddleware(buffered, path) if path else buffered
    return with_access_log(reached) if settings.access_log else reached


def _clear_up_after(parent: int, figures: Path) -> None:
    from kg.engine.workers import process

    # Killed, it can't.
    if process.is_ending(parent):
        shutil.rmtree(figures, ignore_errors=True)


def _ensure_release(settings: Settings) -> None:
    from kg.release import Releases

    serving = Releases(settings.data_dir).current()
    if serving is None or serving.id != _id_of_present_inputs(settings):
        build_with_progress(settings, Console(highlight=False), report=False)


def _check_release(settings: Settings) -> None:
    """Fails here and not in each serving process, one after the other."""
    from kg.reader import compatibility
    from kg.release import Releases

    compatibility.check(Releases(settings.data_dir).require_current())


def _id_of_present_inputs(settings: Settings) -> str:
    from kg.build import pipeline, release_id

    mappings = pipeline.tables_of(settings.curated_dir, settings.data_dir)
    return release_id.release_id(
        release_id.inputs_of(
            settings.curated_dir,
            settings.base_iri,
            proof=True,
            mappings=mappings,
            all_table_rows=settings.all_table_rows,
        )
    )


def _free_port(settings: Settings) -> int:
    """The port, found free a moment before it is taken, so that a port in use is told in a sentence."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
            return int(probe.getsockname()[1])
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise VitkError(
            f"{settings.host}:{settings.port} can't be listened on: {reason}. "
            "Stop what uses it or choose another with --port."
        ) from error


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
