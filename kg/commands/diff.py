"""``vitk diff``: what changed from one release to another."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from kg.command_context import with_settings
from kg.errors import VitkError
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.changes.report import ChangeReport
    from kg.release.release import Release, Releases

_MAX_LISTED = 20


@click.command()
@click.argument("old", required=False, default="")
@click.argument("new", required=False, default="")
@click.option(
    "--format", "fmt", type=click.Choice(["text", "json", "patch"]), default="text", show_default=True,
    help="Words, the same as JSON, or an RDF Patch that turns OLD into NEW.",
)  # fmt: skip
@with_settings("data_dir")
def diff(settings: Settings, old: str, new: str, fmt: str) -> None:
    """Report what changed from release OLD to NEW: assessments and why, claims, studies, entities, tables.

    NEW is the current release unless given, and OLD the one that was served before it.
    """
    from kg.changes import quads
    from kg.changes.report import report
    from kg.release.release import Releases

    releases = Releases(settings.data_dir)
    later = quads.require(releases.get(new), new) if new else releases.require_current()
    earlier = _predecessor(releases, later) if not old else quads.require(releases.get(old), old)
    if earlier.base_iri != later.base_iri:
        raise VitkError(f"{earlier.id} and {later.id} have different base IRIs, so they share no entity.")
    changed = quads.changed_quads(earlier, later)
    if fmt == "patch":
        for line in quads.patch(changed, earlier.id, later.id, later.base_iri):
            sys.stdout.buffer.write(line)
        return
    made = report(earlier, later, changed)
    if fmt == "json":
        click.echo(json.dumps(made.to_json(), indent=1, ensure_ascii=False))
        return
    for text in _in_words(made):
        click.echo(text)


def _predecessor(releases: Releases, release: Release) -> Release:
    previous = release.manifest.build.predecessor
    if not previous:
        raise VitkError(f"Release {release.id} has no predecessor; name two releases: vitk diff OLD NEW.")
    found = releases.get(previous)
    if found is None:
        raise VitkError(f"Release {previous}, which was served before {release.id}, is not retained any more.")
    return found


def headline(made: ChangeReport) -> str:
    """The changes in one line."""
    from kg.changes.assessment_changes import REVERSED

    counts = Counter((one.kind, one.change) for one in made.entities)
    found = {
        "reversed": sum(one.turn == REVERSED for one in made.assessments),
        "with another certainty": sum(one.is_certainty for one in made.assessments),
        "with another direction": sum(one.turn == "other" for one in made.assessments),
    }
    parts = [f"assessments {words}: {number:,}" for words, number in found.items() if number]
    parts = parts or ["no assessment changed"]
    parts += [f"{_plural(kind, number)} {change}" for (kind, change), number in sorted(counts.items())]
    return f"{made.previous} → {made.release}: {'; '.join(parts)}."


def _in_words(made: ChangeReport) -> Iterator[str]:
    yield headline(made)
    for one in made.assessments:
        yield f"\n{one.label}\n  {one.was} → {one.now}"
        yield from (f"  - {reason}" for reason in one.why)
    for entity in made.entities[:_MAX_LISTED]:
        yield f"\n{entity.change} {entity.kind}: {entity.label}"
        for prop in entity.properties:
            yield f"  {prop.property}: {'; '.join(prop.removed) or '(none)'} → {'; '.join(prop.added) or '(none)'}"
    if len(made.entities) > _MAX_LISTED:
        yield f"\n… and {len(made.entities) - _MAX_LISTED:,} more; --format json lists all."
    for table in made.tables:
        yield f"\n{table.graph}: rows: {table.added:,} added, {table.removed:,} removed, {table.changed:,} changed"
    yield f"\nTriples: {made.triples_added:,} added, {made.triples_removed:,} removed."


_PLURALS = {
    "entity": "entities",
    "study": "studies",
    "evidence": "results and evidence lines",
    "proposition": "propositions",
    "claim": "claims",
    "term": "terms",
}


def _plural(kind: str, number: int) -> str:
    return f"{number:,} {kind if number == 1 and kind != 'evidence' else _PLURALS[kind]}"
