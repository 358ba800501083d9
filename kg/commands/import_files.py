"""``vitk import`` and ``vitk forget``: tables and graphs of users."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from kg.command_context import with_settings
from kg.commands.build_report import build_with_progress
from kg.errors import VitkError
from kg.settings import Settings

without_proof = click.option(
    "--no-proof", is_flag=True, help="Skip HermiT's consistency proof, which saves some seconds while editing data."
)


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--graph", default="", metavar="IRI", help="The graph for triples of FILEs that are in none.")
@click.option("--graph-prefix", default="", metavar="IRI", help="A graph for each FILE: IRI followed by its path.")
@click.option("--base", default="", metavar="IRI", help="Where relative IRIs start; by default, the graph.")
@click.option(
    "--format", "fmt", default="", metavar="NAME", help="ttl, trig, nt, nq, jsonld or rdf; by default, the suffix."
)
@click.option(
    "--shapes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="SHACL shapes; a graph that breaks them is not imported.",
)
@without_proof
@with_settings("data_dir", "base_iri", "curated_dir", "all_table_rows")
def import_files(
    settings: Settings,
    files: tuple[Path, ...],
    graph: str,
    graph_prefix: str,
    base: str,
    fmt: str,
    shapes: Path | None,
    no_proof: bool,
) -> None:
    """Import FILEs of RDF into graphs of your own, or a food table as MAPPING.toml declares, and build a release.

    RDF may be Turtle, TriG, N-Triples, N-Quads, JSON-LD or RDF/XML, plain or gzipped. A graph that was imported before
    is replaced. A table is two files: vitk import MAPPING.toml TABLE.csv
    """
    from rich.text import Text

    from kg.build.graphs import imported_graphs
    from kg.build.graphs.imported_graphs import Naming
    from kg.build.load import imported_tables
    from kg.rdf.vocabulary import Vocabulary
    from kg.reports.console import ReportConsole

    console = ReportConsole()
    if files[0].suffix == ".toml":
        if len(files) != 2 or graph or graph_prefix or base or fmt or shapes:
            raise VitkError("A food table is imported by two files and without options: MAPPING.toml TABLE.csv.")
        with imported_tables.stage_import(settings.data_dir, *files) as importing:
            build_with_progress(settings, console, report=False, proof=not no_proof, importing=importing)
        return
    naming = Naming(graph, graph_prefix, base, fmt)
    with contextlib.ExitStack() as shown, contextlib.ExitStack() as staging:
        status = console.status("")
        if console.is_terminal:
            shown.enter_context(status)

        def reading(file: str, quads: int) -> None:
            status.update(Text(f"read … {file}: {quads:,} statements"))

        vocabulary = Vocabulary(settings.base_iri)
        staged = staging.enter_context(
            imported_graphs.stage_import(settings.data_dir, files, naming, vocabulary, shapes, reading)
        )
        shown.close()
        build_with_progress(settings, console, report=False, proof=not no_proof, importing_graphs=staged)


@click.command()
@click.argument("name")
@with_settings("data_dir")
def forget(settings: Settings, name: str) -> None:
    """Remove the imported table or graph NAME (the IRI of a graph); the next build leaves it out."""
    from kg.build.graphs import imported_graphs
    from kg.build.load import imported_tables

    if ":" in name:
        imported_graphs.remove(settings.data_dir, name)
    else:
        imported_tables.remove(settings.data_dir, name)
    click.echo(f"removed {name}; run vitk build to make a release without it.")
