"""``vitk query`` and ``vitk push``: the query engine on the command line."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

import click
from rich.console import Console
from rich.progress import Progress

from kg.cli import commands, with_settings
from kg.errors import VitkError
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.engine.engine import Answer
    from kg.release import Release

_STARTING_SECONDS = 600
FORMATS = ("table", "json", "xml", "csv", "tsv", "ttl", "jsonld", "nt", "nq", "trig", "rdf")


@commands.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--format", type=click.Choice(FORMATS), default="table", show_default=True, help="How rows are written.")
@click.option("--labels", default="", help="Add a column of labels in this language for each column of IRIs.")
@with_settings("data_dir", "query_timeout", "query_memory_mib", "query_result_mib", "engine")
def query(settings: Settings, file: TextIO, format: str, labels: str) -> None:
    """Run the SPARQL query in FILE (- reads standard input) on the release that serves."""
    from kg.engine.engine import QueryFailed, Request
    from kg.formats import GRAPH_FORMATS
    from kg.reader import Reader
    from server.failures import problem_of
    from server.serving import engine_of

    is_graph = format in {known.name for known in GRAPH_FORMATS}
    results = "csv" if format == "table" else None if is_graph else format
    graph = format if is_graph else "ttl" if format == "table" else None
    # One query is answered from disk before the graph would be in memory.
    engine = engine_of(replace(settings, query_workers=1, in_memory_quads=0), Reader(_release(settings)))
    try:
        engine.wait_until_ready(_STARTING_SECONDS)
        asked = Request(file.read(), results, graph, labels=labels)
        answer = engine.run(asked, time.monotonic() + settings.query_timeout)
    except QueryFailed as failure:
        problem = problem_of(failure, settings, settings.query_timeout)
        excerpt = problem.extensions.get("excerpt", "")
        raise VitkError(f"{problem.detail}\n{excerpt}".rstrip()) from failure
    finally:
        engine.close()
    if answer.hint:
        click.echo(answer.hint, err=True)
    _write(answer, as_table=format == "table")


@commands.command()
@click.option("--update", "update_address", default="", help="Where the engine takes updates, if not at --engine.")
@click.option("--batch", type=click.IntRange(1), default=2000, show_default=True, help="Triples in one request.")
@with_settings("data_dir", "engine")
def push(settings: Settings, update_address: str, batch: int) -> None:
    """Load the release that serves into the SPARQL engine at --engine, and compare the counts."""
    from kg.push import push as load

    if not settings.engine:
        raise VitkError("Say where the engine is: --engine http://…/sparql")
    release = _release(settings)
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("pushing", total=release.manifest["counts"]["triples"])
        number = load(
            release,
            settings.engine,
            update_address or settings.engine,
            batch,
            lambda sent: progress.update(task, advance=sent),
        )
    click.echo(f"{settings.engine} holds release {release.id}: {number:,} triples.")


def _release(settings: Settings) -> Release:
    from kg.release import Releases

    release = Releases(settings.data_dir).current()
    if release is None:
        raise VitkError(f"{settings.data_dir}: there is no release; vitk build makes one.")
    return release


def _write(answer: Answer, as_table: bool) -> None:
    if as_table and answer.format == "csv":
        _table(answer)
        return
    for piece in answer.chunks():
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def _table(answer: Answer) -> None:
    import csv
    import io

    from rich.table import Table

    rows = list(csv.reader(io.StringIO(answer.read().decode("utf-8"))))
    answer.close()
    if len(rows) == 1 and rows[0] in (["true"], ["false"]):
        click.echo(rows[0][0])
        return
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows[1:]:
        table.add_row(*row)
    # In a pipe nothing is cut to the width of a screen that is not there.
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 1 << 16
    Console(highlight=False, markup=False, width=width).print(table)
