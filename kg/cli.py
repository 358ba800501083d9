"""The ``vitk`` command line; ``server.cli`` adds ``serve`` and other commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.command_context import current_reader, with_settings
from kg.errors import VitkError
from kg.reports import log
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.build.load.loader import LoadReport
    from kg.build.load.mapping import TableMapping
    from kg.release.manifest import Counts, StageReport
    from kg.release.release import Release
    from kg.reports.console import ReportConsole

_MAX_REJECTED_SHOWN = 20


without_proof = click.option(
    "--no-proof", is_flag=True, help="Skip HermiT's consistency proof, which saves some seconds while editing data."
)


@click.group()
@click.version_option(package_name="vitk")
def commands() -> None:
    """vitk, a knowledge graph of vitamin K."""


@commands.command()
@without_proof
@with_settings("data_dir", "base_iri", "curated_dir", "all_table_rows")
def build(settings: Settings, no_proof: bool) -> None:
    """Build a release from the curated files and make it current; does nothing if no input has changed."""
    from kg.reports.console import ReportConsole

    build_with_progress(settings, ReportConsole(), report=True, proof=not no_proof)


@commands.command("import")
@click.argument("mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@without_proof
@with_settings("data_dir", "base_iri", "curated_dir", "all_table_rows")
def import_table(settings: Settings, mapping: Path, table: Path, no_proof: bool) -> None:
    """Import a food composition TABLE (CSV, plain or gzipped) as MAPPING declares, and build a release with it."""
    from kg.build.load import imported_tables
    from kg.reports.console import ReportConsole

    with imported_tables.stage_import(settings.data_dir, mapping, table) as importing:
        build_with_progress(settings, ReportConsole(), report=False, proof=not no_proof, importing=importing)


@commands.command()
@click.argument("name")
@with_settings("data_dir")
def forget(settings: Settings, name: str) -> None:
    """Remove the imported table NAME; the next build leaves it out."""
    from kg.build.load import imported_tables

    imported_tables.remove(settings.data_dir, name)
    click.echo(f"removed {name}; run vitk build to make a release without it.")


def build_with_progress(
    settings: Settings, console: ReportConsole, report: bool, proof: bool = True, importing: TableMapping | None = None
) -> None:
    """Builds a release and prints a line for each stage; with ``report``, also the contents of the release."""
    # Imported here so that other commands need not load rdflib, pyshacl and the rest of the build.
    from rich.text import Text

    from kg.build import pipeline

    _report_shortage()
    status = console.status("")

    class ConsoleProgress(pipeline.ProgressListener):
        def started(self, stage: str) -> None:
            status.update(Text(f"{stage} …"))
            if console.is_terminal:
                status.start()

        def reading(self, file: str, rows: int) -> None:
            status.update(Text(f"load … {file}: {rows:,} rows"))

        def done(self, progress: StageReport) -> None:
            status.stop()
            console.print_line(f"{progress.stage:<10}{progress.outcome:<56}{progress.seconds:>6.1f} s")

    try:
        built = pipeline.build(
            settings.curated_dir,
            settings.data_dir,
            settings.base_iri,
            ConsoleProgress(),
            proof,
            settings.all_table_rows,
            importing,
        )
    finally:
        status.stop()
    for warning in built.warnings:
        console.print_line(f"warning: {warning}")
    if not built.is_new:
        console.print_line(f"Nothing to do: release {built.release.id} was built from exactly these inputs.")
        return
    if importing:
        _print_table(next(table for table in built.tables if table.name == importing.name), console)
    if report:
        _print_report(built.release.manifest.counts, console)
    if rejected := sum(len(table.rejected) for table in built.tables):
        console.print_line(f"{rejected:,} table rows were rejected: {built.release.rejected}")


def _report_shortage() -> None:
    from kg.build import memory

    if shortage := memory.shortage():
        log.write_line(f"vitk: {shortage}")


def _print_table(table: LoadReport, console: ReportConsole) -> None:
    for counted in table.files:
        console.print_line(
            f"{counted.path.name}: {counted.read:,} rows read, {counted.taken:,} taken, "
            f"{counted.left_out:,} left out by the mapping, {len(counted.rejected):,} rejected"
        )
        for row in counted.rejected[:_MAX_REJECTED_SHOWN]:
            console.print_line(f"  line {row.line}: {row.reason}")


def _print_report(counts: Counts, console: ReportConsole) -> None:
    from rich.table import Table

    parts = {
        "triples by graph": counts.graphs,
        "entities by class": counts.entities,
        "claims by section": counts.claims,
        "amounts of vitamin K in food tables by origin": counts.origins,
    }
    for title, rows in parts.items():
        table = Table(title=title, title_justify="left", show_header=False, box=None, pad_edge=False)
        table.add_column(min_width=40)
        table.add_column(justify="right")
        for row in rows:
            table.add_row(row.label, f"{row.count:,}")
        table.add_row("total", f"{sum(row.count for row in rows):,}", style="bold")
        console.print()
        console.print(table)


@commands.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fix", is_flag=True, help="First put the properties of each block into canonical order.")
@with_settings("curated_dir", "base_iri")
def check(settings: Settings, files: tuple[Path, ...], fix: bool) -> None:
    """Check curated FILES, which may lie outside the curated folder, and print each problem with its line number."""
    from kg.build.check import canonical_order
    from kg.build.check.names_and_shapes import problems_of

    for path in files if fix else ():
        if path.suffix == ".ttl":
            canonical_order.rewrite(path, settings.base_iri)
    problems = problems_of(list(files), settings.curated_dir, settings.base_iri)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        raise VitkError(f"{len(problems)} problems found.")
    click.echo("No problems found.")


@commands.command()
@click.argument(
    "part",
    type=click.Choice(
        [
            *("ontology", "dataset", "classes", "va-spec", "biolink", "nanopubs"),
            *("kgx", "sssom", "csvw", "parquet", "obograph", "ro-crate"),
        ]
    ),
)
@click.argument("target", type=click.Path(path_type=Path))
@with_settings("data_dir", "curated_dir")
def export(settings: Settings, part: str, target: Path) -> None:
    """Write the ontology, the complete dataset or a diagram of the classes to TARGET, in the format of its suffix.

    Or write all propositions with their assessments: as statements of GA4GH VA-Spec (.jsonl), those that are decided
    as Biolink associations (.jsonl) or as nodes and edges of KGX (a folder), or as nanopublications (.trig).

    Or write mappings to other databases (sssom, .tsv), tables of effect sizes, doses, amounts and claims (csvw or
    parquet, a folder), the ontology as an OBO graph (.json), or all downloads of the release as an RO-Crate (a folder).
    """
    from kg.exports import mappings, parts
    from kg.reader import export as of_reader

    if part == "sssom":
        mappings.export(settings.curated_dir, target)
    else:
        with current_reader(settings) as reader:
            write = of_reader.export if part in of_reader.PARTS else parts.export
            write(reader, part, target)
    click.echo(f"wrote {target}")


@commands.command()
@click.argument("subject")
@click.argument("predicate", required=False)
@click.argument("obj", metavar="[OBJECT]", required=False)
@with_settings("data_dir")
def explain(settings: Settings, subject: str, predicate: str | None, obj: str | None) -> None:
    """Explain a statement down to curated files and sources or, for a proposition or claim alone, its assessment.

    Terms are IRIs, CURIEs or names: osteocalcin needs "vitamin K", or id:proposition-k2-lowers-fracture.
    """
    from kg.claims.claim_index import ClaimIndex
    from kg.claims.explain import explain_in_words

    if (predicate is None) != (obj is None):
        raise VitkError("Give either a proposition or claim, or subject, predicate and object.")
    with current_reader(settings) as reader:
        lines = explain_in_words(reader, ClaimIndex(reader), subject, predicate, obj)
    for line in lines:
        click.echo(line)


@commands.command()
@click.option("--prune", is_flag=True, help="Remove all but the newest releases.")
@click.option(
    "--keep", type=click.IntRange(1), default=3, show_default=True, help="Number of releases that --prune keeps."
)
@with_settings("data_dir")
def releases(settings: Settings, prune: bool, keep: int) -> None:
    """List the releases, newest first; * marks the current one."""
    from kg.release.release import Releases

    known = Releases(settings.data_dir)
    if prune:
        for release in known.prune(keep):
            click.echo(f"removed {release.id}")
    serving = known.current()
    for release in known.all():
        mark = "*" if serving and release.id == serving.id else " "
        click.echo(f"{mark} {release.id}  {_summary(release)}")
    if not known.all():
        click.echo(f"There are no releases in {settings.data_dir}; run vitk build.")


def _summary(release: Release) -> str:
    if not release.has_known_format:
        return "built by an incompatible version of vitk"
    return f"{release.manifest.build.started}  {release.manifest.counts.triples:>10,} triples"
