"""``vitk mcp``: the graph for language-model agents."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from importlib.util import find_spec

import click

from kg.command_context import current_reader, with_settings
from kg.errors import VitkError
from kg.reports import log
from kg.settings import Settings


@click.command()
@with_settings("data_dir", "query_timeout", "query_memory_mib", "query_result_mib", "remote_endpoint")
def mcp(settings: Settings) -> None:
    """Serve an agent over standard input and output (Model Context Protocol) until it closes the input."""
    if find_spec("mcp") is None:
        raise VitkError("vitk mcp needs the package mcp: pip install 'vitk[mcp]'")
    # The protocol's package takes a second to import; no other command should wait for it.
    from kg.engine.factory import engine_for, wait_for_workers
    from server.mcp.server import server_of

    with contextlib.ExitStack() as ended:
        with current_reader(settings) as reader:
            engine = engine_for(replace(settings, query_workers=1, in_memory_quads=0), reader.release)
            ended.callback(engine.close)
            server = server_of(settings, reader, engine)
        wait_for_workers(engine, settings)
        try:
            server.run("stdio")
        except KeyboardInterrupt:
            log.write_line("stopped.")
        except ExceptionGroup as failures:
            if (refused := failures.subgroup(OSError)) is None:
                raise
            raise VitkError(f"The agent cannot be answered: {_leaf(refused)}.") from failures


def _leaf(failures: BaseException) -> BaseException:
    return _leaf(failures.exceptions[0]) if isinstance(failures, BaseExceptionGroup) else failures
