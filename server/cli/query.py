"""``vitk query`` and ``vitk push``: the query engine on the command line."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from kg.command_context import current_reader, with_settings
from kg.errors import VitkError
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.catalogue.catalogue import Query
    from kg.engine.interface.base import QueryResult
    from kg.release.release import Release

FORMATS = ("table", "json", "xml", "csv", "tsv", "ttl", "jsonld", "nt", "nq", "trig", "rdf")


@click.command()
@click.argument("arguments", nargs=-1, metavar="[FILE | PARAMETER=VALUE ...]")
@click.option("--name", default="", help="Run the catalogue query of this name, with its PARAMETER=VALUE.")
@click.option("--list", "is_list", is_flag=True, help="List the queries of the catalogue; words narrow the list.")
@click.option("--format", "fmt", type=click.Choice(FORMATS), default="table", show_default=True, help="Output format.")
@click.option("--labels", default="", help="Add a column of labels in this language for each column of IRIs.")
@with_settings("data_dir", "query_timeout", "query_memory_mib", "query_result_mib", "remote_endpoint")
def query(
    settings: Settings,
    arguments: tuple[str, ...],
    name: str,
    is_list: bool,
    fmt: str,
    labels: str,
) -> None:
    """Run the SPARQL query in FILE (- reads standard input) on the current release, or a query of the catalogue.

    An entity may be given as an IRI, a CURIE or by name: vitk query --name foods-by-form form=mk-7 --format csv
    """
    if name and is_list:
        raise click.UsageError("Give --name or --list, not both.")
    if not name and not is_list and len(arguments) != 1:
        raise click.UsageError("Give one FILE, or --name and its PARAMETER=VALUE, or --list.")
    from kg.reader import invocation

    text = "" if name or is_list else _text_of(arguments[0])
    with current_reader(settings) as reader:
        if name:
            prepared = invocation.prepare(reader, name, invocation.pairs(arguments))
            if not prepared.query.is_graph and not reader.page(prepared.query, prepared.values, 0, 1)[1]:
                click.echo(invocation.NOTHING_RECORDED, err=True)
            text = prepared.sparql
        listed = invocation.search_queries(reader.catalogue.public(), " ".join(arguments)) if is_list else []
    if is_list:
        _list(listed)
    else:
        _run(settings, reader.release, text, fmt, labels)


def _text_of(file: str) -> str:
    try:
        return str(click.File("r", encoding="utf-8").convert(file, None, click.get_current_context()).read())
    except UnicodeDecodeError as error:
        name = "Standard input" if file == "-" else file
        raise VitkError(f"{name} is not UTF-8: invalid byte at offset {error.start}.") from error


def _list(queries: Sequence[Query]) -> None:
    from kg.reader import invocation

    for query in queries:
        click.echo(f"{invocation.signature(query)}\n    {query.title}")
    if not queries:
        raise VitkError("No query matches these words; vitk query --list shows all.")


def _run(settings: Settings, release: Release, text: str, fmt: str, labels: str) -> None:
    from kg.engine.factory import engine_for, wait_for_workers
    from kg.engine.interface.base import FormatNotAvailableError, QueryError, QueryRequest
    from kg.engine.interface.messages import formats_for, message_for
    from kg.rdf.formats import GRAPH_FORMATS

    is_graph = fmt in {known.name for known in GRAPH_FORMATS}
    results = "csv" if fmt == "table" else None if is_graph else fmt
    graph = fmt if is_graph else "ttl" if fmt == "table" else None
    # Answering one query from disk is quicker than loading the graph into memory.
    engine = engine_for(replace(settings, query_workers=1, in_memory_quads=0), release)
    try:
        wait_for_workers(engine, settings)
        query_request = QueryRequest(text, results, graph, labels=labels, base_iri=release.base_iri)
        answer = engine.run(query_request, time.monotonic() + settings.query_timeout)
    except FormatNotAvailableError as failure:
        names = ", ".join(known.name for known in formats_for(failure))
        raise VitkError(f"The result cannot be written as {fmt}; available: {names}.") from failure
    except QueryError as failure:
        message = message_for(failure, settings, settings.query_timeout)
        raise VitkError(f"{message.detail}\n{message.excerpt}".rstrip()) from failure
    finally:
        engine.close()
    if answer.hint:
        click.echo(answer.hint, err=True)
    _write(answer, as_table=fmt == "table")


@click.command()
@click.option("--update", "update_address", default="", help="Update endpoint, if it is not --remote-endpoint.")
@click.option("--batch", type=click.IntRange(1), default=2000, show_default=True, help="Triples in one request.")
@with_settings("data_dir", "remote_endpoint")
def push(settings: Settings, update_address: str, batch: int) -> None:
    """Load the current release into the remote endpoint and compare the counts."""
    from rich.console import Console
    from rich.progress import Progress

    from kg.engine.remote.connection import Endpoint
    from kg.engine.remote.push import push as load

    if not settings.remote_endpoint:
        raise VitkError("Name the endpoint: --remote-endpoint http://…/sparql")
    with (
        current_reader(settings) as reader,
        Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress,
    ):
        release = reader.release
        task = progress.add_task("pushing", total=release.manifest.counts.triples)
        number = load(
            release,
            settings.remote_endpoint,
            update_address or settings.remote_endpoint,
            batch,
            lambda sent: progress.update(task, advance=sent),
        )
    click.echo(f"{Endpoint(settings.remote_endpoint).shown} holds release {release.id}: {number:,} triples.")


def _write(answer: QueryResult, as_table: bool) -> None:
    if as_table and answer.format == "csv":
        _write_table(answer)
        return
    for piece in answer.chunks():
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def _write_table(answer: QueryResult) -> None:
    import csv
    import io

    from rich.console import Console
    from rich.table import Table

    rows = list(csv.reader(io.StringIO(answer.read().decode("utf-8"))))
    answer.close()
    if len(rows) == 1 and rows[0] in (["true"], ["false"]):
        click.echo(rows[0][0])
        return
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows[1:]:
        table.add_row(*row)
    # In a pipe there is no screen to fit.
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 1 << 16
    Console(highlight=False, markup=False, emoji=False, width=width).print(table)
