"""``vitk query`` and ``vitk push``: the query engine on the command line."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress

from kg.cli import commands, with_settings
from kg.errors import VitkError
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.catalogue.catalogue import Query
    from kg.engine.base import QueryResult
    from kg.reader.reader import Reader

_STARTING_SECONDS = 600
FORMATS = ("table", "json", "xml", "csv", "tsv", "ttl", "jsonld", "nt", "nq", "trig", "rdf")


@commands.command()
@click.argument("arguments", nargs=-1, metavar="[FILE | PARAMETER=VALUE ...]")
@click.option("--name", default="", help="Run the catalogue query of this name, with its PARAMETER=VALUE.")
@click.option("--list", "is_list", is_flag=True, help="List the queries of the catalogue; words narrow the list.")
@click.option(
    "--format", "fmt", type=click.Choice(FORMATS), default="table", show_default=True, help="How rows are written."
)
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
    """Run the SPARQL query in FILE (- reads standard input) on the release that serves, or a question by its name.

    A thing may be given as an IRI, a CURIE or by name: vitk query --name foods-by-form form=mk-7 --format csv
    """
    from kg.reader import invocation
    from kg.reader.reader import Reader
    from kg.release import Releases

    if name and is_list:
        raise click.UsageError("Give --name or --list, not both.")
    if not name and not is_list and len(arguments) != 1:
        raise click.UsageError("Give one FILE, or --name and its PARAMETER=VALUE, or --list.")
    if not name and not is_list:
        text = _text_of(arguments[0])
    reader = Reader(Releases(settings.data_dir).require_current())
    if is_list:
        _list(invocation.search_queries(reader.catalogue.public(), " ".join(arguments)))
        return
    if name:
        text = invocation.prepare(reader, name, invocation.pairs(arguments)).sparql
    _run(settings, reader, text, fmt, labels)


def _text_of(file: str) -> str:
    try:
        return str(click.File("r", encoding="utf-8").convert(file, None, click.get_current_context()).read())
    except UnicodeDecodeError as error:
        name = "Standard input" if file == "-" else file
        raise VitkError(f"{name} is not UTF-8: byte {error.start} can't be read.") from error


def _list(queries: Sequence[Query]) -> None:
    from kg.reader import invocation

    for query in queries:
        click.echo(f"{invocation.signature(query)}\n    {query.title}")
    if not queries:
        raise VitkError("No question has these words; vitk query --list lists all.")


def _run(settings: Settings, reader: Reader, text: str, fmt: str, labels: str) -> None:
    from kg.engine.base import FormatNotAvailableError, QueryError, QueryRequest
    from kg.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS
    from server.runtime.release_app import engine_of
    from server.sparql.errors import to_problem

    is_graph = fmt in {known.name for known in GRAPH_FORMATS}
    results = "csv" if fmt == "table" else None if is_graph else fmt
    graph = fmt if is_graph else "ttl" if fmt == "table" else None
    # One query is answered from disk before the graph would be in memory.
    engine = engine_of(replace(settings, query_workers=1, in_memory_quads=0), reader)
    try:
        engine.wait_until_ready(_STARTING_SECONDS)
        query_request = QueryRequest(text, results, graph, labels=labels)
        answer = engine.run(query_request, time.monotonic() + settings.query_timeout)
    except FormatNotAvailableError as failure:
        offered = GRAPH_FORMATS if failure.form == "graph" else RESULT_FORMATS
        names = ", ".join(known.name for known in offered)
        raise VitkError(f"The answer can't be written as {fmt}; it can as {names}.") from failure
    except QueryError as failure:
        problem = to_problem(failure, settings, settings.query_timeout)
        excerpt = problem.extensions.get("excerpt", "")
        raise VitkError(f"{problem.detail}\n{excerpt}".rstrip()) from failure
    finally:
        engine.close()
    if answer.hint:
        click.echo(answer.hint, err=True)
    _write(answer, as_table=fmt == "table")


@commands.command()
@click.option(
    "--update", "update_address", default="", help="Where the engine takes updates, if not at --remote-endpoint."
)
@click.option("--batch", type=click.IntRange(1), default=2000, show_default=True, help="Triples in one request.")
@with_settings("data_dir", "remote_endpoint")
def push(settings: Settings, update_address: str, batch: int) -> None:
    """Load the release that serves into the SPARQL engine at --remote-endpoint, and compare the counts."""
    from kg.engine.remote.connection import Endpoint
    from kg.engine.remote.push import push as load
    from kg.release import Releases

    if not settings.remote_endpoint:
        raise VitkError("Say where the engine is: --remote-endpoint http://…/sparql")
    release = Releases(settings.data_dir).require_current()
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
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
        _table(answer)
        return
    for piece in answer.chunks():
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def _table(answer: QueryResult) -> None:
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
