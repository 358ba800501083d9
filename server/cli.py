"""``vitk serve``, added to the commands of ``kg.cli``."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from rich.console import Console

from kg import settings as settings_module
from kg.cli import build_with_progress, commands, with_settings
from kg.errors import VitkError
from kg.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

SETTINGS = ("host", "port", "data_dir", "base_iri", "curated_dir", "whole_tables", "public_url", "workers",
            "query_workers", "query_timeout", "query_memory_mib", "query_result_mib")  # fmt: skip


def main() -> None:
    """The console script."""
    commands()


@commands.command()
@with_settings(*SETTINGS)
def serve(settings: Settings) -> None:
    """Serve the graph, built first where there is none of the present inputs."""
    port = _free_port(settings)
    _ensure_release(settings)
    # Loaded before the workers are forked, so that they share it.
    import granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    import server.app  # noqa: F401

    os.environ.update(settings_module.environment_of(settings))
    address = settings.public_url or f"http://{_in_url(settings.host)}:{port}"
    Console(highlight=False).print(
        f"home    {address}/\nSPARQL  {address}/sparql\nAPI     {address}/api/v1/search?q=mk-7\nCtrl-C stops it."
    )
    granian.Granian(
        "server.cli:application",
        address=settings.host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=4,
        factory=True,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        websockets=False,
    ).serve()


def application() -> Flask:
    """The application of one serving process, with the settings that ``serve`` left in the environment.

    Raises:
        VitkError: there is no release.
    """
    from kg.reader import Reader
    from kg.release import Releases
    from server.app import create_app

    settings = settings_module.load({})
    release = Releases(settings.data_dir).current()
    if release is None:
        raise VitkError(f"{settings.data_dir}: there is no release to serve; vitk build makes one.")
    return create_app(settings, Reader(release))


def _ensure_release(settings: Settings) -> None:
    from kg.release import Releases

    serving = Releases(settings.data_dir).current()
    if serving is None or serving.id != _id_of_present_inputs(settings):
        build_with_progress(settings, Console(highlight=False), report=False)


def _id_of_present_inputs(settings: Settings) -> str:
    from kg.build import inputs, pipeline

    mappings = pipeline.tables_of(settings.curated_dir, settings.data_dir)
    return inputs.release_id(
        inputs.inputs_of(
            settings.curated_dir,
            settings.base_iri,
            proof=True,
            mappings=mappings,
            whole_tables=settings.whole_tables,
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
