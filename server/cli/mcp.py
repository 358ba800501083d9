"""``vitk mcp``, which answers agents."""

from __future__ import annotations

from dataclasses import replace

import click

from kg.cli import commands, with_settings
from kg.settings import Settings

_STARTING_SECONDS = 600


@commands.command()
@with_settings("data_dir", "query_timeout", "query_memory_mib", "query_result_mib", "remote_endpoint")
def mcp(settings: Settings) -> None:
    """Answer an agent over standard input and output, by the Model Context Protocol, until it closes the input."""
    from kg.reader.reader import Reader
    from kg.release import Releases

    release = Releases(settings.data_dir).require_current()
    # The protocol's package takes a second to load, which no other command should wait for.
    from server.mcp.server import server_of
    from server.runtime.release_app import engine_of

    reader = Reader(release)
    engine = engine_of(replace(settings, query_workers=1, in_memory_quads=0), reader)
    try:
        engine.wait_until_ready(_STARTING_SECONDS)
        server_of(settings, reader, engine).run("stdio")
    except KeyboardInterrupt:
        click.echo("stopped.", err=True)
    finally:
        engine.close()
