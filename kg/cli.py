"""The ``vitk`` command line; ``server.cli`` adds ``serve`` and other commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.command_context import current_reader, with_settings
from kg.commands.build_report import build_with_progress
from kg.commands.diff import diff
from kg.commands.import_files import forget, import_files, without_proof
from kg.errors import VitkError
from kg.reports.log import visible
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.release.release import Release

scratch_option = click.option(
    "--from-scratch", is_flag=True, help="Reuse nothing of earlier builds: no loaded table, no proof."
)


@click.group()
@click.version_option(package_name="vitk")
def commands() -> None:
    """vitk, a knowledge graph of vitamin K."""


commands.add_command(import_files)
commands.add_command(forget)
commands.add_command(diff)


@commands.command()
@without_proof
@scratch_option
@with_settings("data_dir", "base_iri", "curated_dir", "all_table_rows")
def build(settings: Settings, no_proof: bool, from_scratch: bool) -> None:
    """Build a release from the curated files and make it current; does nothing if no input has changed."""
    from kg.reports.console import ReportConsole

    build_with_progress(settings, ReportConsole(), report=True, proof=not no_proof, from_scratch=from_scratch)


@commands.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fix", is_flag=True, help="First put the properties of each block into canonical order.")
@click.option("--fair", is_flag=True, help="Instead of files, check the ontology by the tests of FOOPS!, as a table.")
@with_settings("curated_dir", "base_iri")
def check(settings: Settings, files: tuple[Path, ...], fix: bool, fair: bool) -> None:
    """Check curated FILES, which may lie outside the curated folder, and print each problem with its line number."""
    if fair == bool(files):
        raise click.UsageError("Give FILES, or --fair, not both.")
    if fair:
        from kg.commands.fairness import report

        report(settings.base_iri)
        return
    from kg.build.check import canonical_order
    from kg.build.check.names_and_shapes import problems_of

    for path in files if fix else ():
        if path.suffix == ".ttl":
            canonical_order.rewrite(path, settings.base_iri)
    problems = problems_of(list(files), settings.curated_dir, settings.base_iri)
    for problem in problems:
        click.echo(visible(str(problem)))
    if problems:
        raise VitkError(f"{len(problems)} problems found.")
    click.echo("No problems found.")


@commands.command()
@click.argument(
    "part",
    type=click.Choice(
        [
            *("ontology", "dataset", "classes", "va-spec", "biolink", "nanopubs"),
            *("kgx", "sssom", "csvw", "parquet", "obograph", "ro-crate", "w3id"),
        ]
    ),
)
@click.argument("target", type=click.Path(path_type=Path))
@with_settings("data_dir", "curated_dir", "base_iri", "public_url")
def export(settings: Settings, part: str, target: Path) -> None:
    """Write the ontology, the complete dataset or a diagram of the classes to TARGET, in the format of its suffix.

    Or write all propositions with their assessments: as statements of GA4GH VA-Spec (.jsonl), those that are decided
    as Biolink associations (.jsonl) or as nodes and edges of KGX (a folder), or as nanopublications (.trig).

    Or write mappings to other databases (sssom, .tsv), tables of effect sizes, doses, amounts and claims (csvw or
    parquet, a folder), the ontology as an OBO graph (.json), or all downloads of the release as an RO-Crate (a folder).

    Or write the rules by which w3id.org redirects all IRIs to the server at --public-url (w3id, a folder).
    """
    from kg.exports import mappings, parts, w3id
    from kg.reader import export as of_reader

    if part == "sssom":
        mappings.export(settings.curated_dir, target)
    elif part == "w3id":
        w3id.export(settings.base_iri, settings.public_url, target)
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
