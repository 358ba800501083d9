"""``vitk mcp``: the graph for language-model agents."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

import click

from kg.cli import current_release, with_settings
from kg.errors import VitkError
from kg.settings import Settings


@click.command()
@with_settings("data_dir", "query_timeout", "query_memory_mib", "query_result_mib", "remote_endpoint")
def mcp(settings: Settings) -> None:
    """Serve an agent over standard input and output (Model Context Protocol) until it closes the input."""
    if find_spec("mcp") is None:
        raise VitkError("vitk mcp needs the package mcp: pip install 'vitk[mcp]'")
    release = current_release(settings)
    # The protocol's package takes a second to import; no other command should wait for it.
    from kg.engine.factory import engine_for, wait_for_workers
    from kg.reader.reader import Reader
    from server.mcp.server import server_of

    engine = engine_for(replace(settings, query_workers=1, in_memory_quads=0), release)
    try:
        wait_for_workers(engine, settings)
        server_of(settings, Reader(release), engine).run("stdio")
    except KeyboardInterrupt:
        click.echo("stopped.", err=True)
    finally:
        engine.close()
