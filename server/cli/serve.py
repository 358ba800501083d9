"""``vitk serve``: builds the release if needed, then starts the HTTP server."""

from __future__ import annotations

import contextlib
import errno
import gc
import math
import os
import socket
import tempfile
from dataclasses import replace

import click

from kg import settings as settings_module
from kg.command_context import with_settings
from kg.commands.build_report import build_with_progress
from kg.errors import VitkError
from kg.files.temporary import temporary_folder
from kg.reports.log import plain, write_line
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

    host, port = listening_address(settings)
    if not no_build:
        _ensure_release(settings)
    # Fails here and not in each serving process, one after the other.
    compatibility.check(Releases(settings.data_dir).require_current())
    address = settings.public_url or f"http://{_in_url(settings.host)}:{port}"
    places = f"home    {address}/\nSPARQL  {address}/sparql\nAPI     {address}/api/v1/search?q=mk-7\nCtrl-C stops it."
    # Nobody has to read it.
    with contextlib.suppress(OSError, ValueError):
        click.echo(plain(places))
    with tempfile.TemporaryDirectory(prefix="vitk-metrics-", dir=temporary_folder()) as metrics:
        environment = settings_module.environment_of(replace(settings, port=port))
        os.environ |= environment | {METRICS_FOLDER: metrics}
        _run_server(settings, host, port)


def _run_server(settings: Settings, host: str, port: int) -> None:
    # Nothing of what is loaded at start-up becomes garbage; ``ReleaseRouter`` turns the collector on again.
    gc.disable()
    # Imported before granian forks, so that its processes share the code, and after METRICS_FOLDER is set.
    import server.runtime.release_app  # noqa: F401
    from server.gateway import serving

    serving.serve(
        "server.wsgi:gateway",
        host,
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
    from kg.build import memory, unchanged
    from kg.release.release import Releases

    current = Releases(settings.data_dir).current()
    if current and unchanged.is_release_of(settings, current.id):
        return
    if current and current.id == _id_of_present_inputs(settings):
        unchanged.remember(settings, current.id)
    elif current and current.has_known_format and (shortage := memory.shortage()):
        write_line(f"vitk: {shortage} It is served now, as it is.")
    else:
        from kg.reports.console import ReportConsole

        build_with_progress(settings, ReportConsole(), report=False)


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


def listening_address(settings: Settings) -> tuple[str, int]:
    """The numeric address and the port to listen on, probed a moment before they are used.

    Raises:
        VitkError: the host has no address of this machine, or the port is in use.
    """
    given = f"{_in_url(settings.host)}:{settings.port}"
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise VitkError(
            f"Cannot listen on {given}: the host is unknown ({error}). Give an address with --host."
        ) from error
    failures = []
    for family, kind, _, _, address in found:
        try:
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                return str(address[0]), int(probe.getsockname()[1])
        except OSError as error:
            failures.append(error)
    raise VitkError(f"Cannot listen on {given}: {failures[0].strerror}. {_advice(failures[0].errno)}") from failures[0]


def _advice(number: int | None) -> str:
    match number:
        case errno.EADDRINUSE:
            return "Stop the program that uses it or choose another port with --port."
        case errno.EACCES:
            return "Choose a port from 1024 on with --port."
        case _:
            return "Choose an address of this machine with --host; 127.0.0.1 is reachable from this machine only."


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
