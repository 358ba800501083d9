"""``vitk serve``: builds the release if needed, then starts the HTTP server."""

from __future__ import annotations

import gc
import math
import os
import socket
import tempfile
from dataclasses import replace

import click

from kg import settings as settings_module
from kg.cli import build_with_progress, with_settings
from kg.errors import VitkError
from kg.settings import Settings
from server.wsgi import METRICS_FOLDER

# Threads left for pages and the API while every other thread runs or waits for a query.
_THREADS_BESIDE_QUERIES = 6


@click.command()
@click.option("--no-build", is_flag=True, help="Serve the current release even if the source files have changed.")
@with_settings(*(row.name for row in settings_module.table()))
def serve(settings: Settings, no_build: bool) -> None:
    """Serve the graph; builds it first if there is no release of the current source files."""
    from kg.reader import compatibility
    from kg.release.release import Releases
    from kg.reports import lines

    port = _free_port(settings)
    if not no_build:
        _ensure_release(settings)
    # Fails here and not in each serving process, one after the other.
    compatibility.check(Releases(settings.data_dir).require_current())
    address = settings.public_url or f"http://{_in_url(settings.host)}:{port}"
    lines.print_line(
        f"home    {address}/\nSPARQL  {address}/sparql\nAPI     {address}/api/v1/search?q=mk-7\nCtrl-C stops it."
    )
    with tempfile.TemporaryDirectory(prefix="vitk-metrics-") as metrics:
        environment = settings_module.environment_of(replace(settings, port=port))
        os.environ |= environment | {METRICS_FOLDER: metrics}
        _run_server(settings, port)


def _run_server(settings: Settings, port: int) -> None:
    # Nothing of what is loaded at start-up becomes garbage; ``ReleaseRouter`` turns the collector on again.
    gc.disable()
    # Imported before granian forks, so that its processes share the code, and after METRICS_FOLDER is set.
    import server.runtime.release_app  # noqa: F401
    from server.gateway import serving

    serving.serve(
        "server.wsgi:gateway",
        settings.host,
        port,
        settings.workers,
        threads=threads(settings),
        kill_timeout=math.ceil(settings.query_timeout) + 5,
    )


def threads(settings: Settings) -> int:
    """The number of threads of a serving process: each query that runs or waits holds one."""
    from kg.engine.factory import MAX_WAITING
    from server.middleware.cache import middleware

    return 2 * settings.query_workers + MAX_WAITING + 2 * middleware.MAX_WAITING + _THREADS_BESIDE_QUERIES


def _ensure_release(settings: Settings) -> None:
    from kg.build import unchanged
    from kg.release.release import Releases

    current = Releases(settings.data_dir).current()
    if current and unchanged.is_release_of(settings, current.id):
        return
    if current is None or current.id != _id_of_present_inputs(settings):
        from kg.reports.console import ReportConsole

        build_with_progress(settings, ReportConsole(), report=False)
    elif current:
        unchanged.remember(settings, current.id)


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
    """The port to listen on, probed a moment before it is used, so that a port in use is reported in one sentence."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
            return int(probe.getsockname()[1])
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise VitkError(
            f"Cannot listen on {settings.host}:{settings.port}: {reason}. "
            "Stop the program that uses it or choose another port with --port."
        ) from error


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
