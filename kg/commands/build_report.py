"""Builds a release with progress on the console, and reports what is in it; shared by commands that build."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.errors import VitkError
from kg.reports import log
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.build.graphs.graph_writer import StagedGraph
    from kg.build.load.loader import LoadReport
    from kg.build.load.mapping import TableMapping
    from kg.release.manifest import Counts, ImportedGraph, StageReport
    from kg.release.release import Release
    from kg.reports.console import ReportConsole

_MAX_REJECTED_SHOWN = 20


def build_with_progress(
    settings: Settings,
    console: ReportConsole,
    report: bool,
    proof: bool = True,
    importing: TableMapping | None = None,
    from_scratch: bool = False,
    importing_graphs: Sequence[StagedGraph] = (),
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
            from_scratch,
            importing_graphs=importing_graphs,
        )
    finally:
        status.stop()
    for warning in built.warnings:
        console.print_line(f"warning: {warning}")
    _print_graphs([staged.graph for staged in importing_graphs], console)
    if not built.is_new:
        console.print_line(f"Nothing to do: release {built.release.id} was built from exactly these inputs.")
        return
    if importing:
        _print_table(next(table for table in built.tables if table.name == importing.name), console)
    _record_changes(settings, built.release, console)
    if report:
        _print_report(built.release.manifest.counts, console)
    if rejected := sum(len(table.rejected) for table in built.tables):
        console.print_line(f"{rejected:,} table rows were rejected: {built.release.rejected}")


def _record_changes(settings: Settings, release: Release, console: ReportConsole) -> None:
    """Writes what changed since the release before, which the server shows; the release is served already."""
    from kg.changes import history
    from kg.commands.diff import headline

    try:
        made = history.record(settings.data_dir, release)
    except VitkError as error:
        console.print_line(f"warning: the changes are not recorded: {error}")
        return
    if made:
        console.print_line(headline(made))


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


def _print_graphs(graphs: Sequence[ImportedGraph], console: ReportConsole) -> None:
    for graph in graphs:
        repeated = f", {graph.read - graph.triples:,} of them repeated" if graph.read > graph.triples else ""
        subjects = f"{graph.subjects:,} {'subject' if graph.subjects == 1 else 'subjects'}"
        console.print_line(
            f"{graph.iri}: {graph.triples:,} triples about {subjects}, from {', '.join(graph.files)} "
            f"({graph.read:,} statements read{repeated})"
        )


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
