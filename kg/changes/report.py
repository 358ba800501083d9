"""The changes from one release to the next as people read them: what was added, removed or changed, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pyoxigraph import NamedNode, Quad, Store

from kg.changes import quads as changed_quads_of
from kg.changes.assessment_changes import AssessmentChange, AssessmentChanges
from kg.changes.quads import ChangedQuads
from kg.changes.snapshot import Snapshot
from kg.rdf.vocabulary import GRAPHS, Vocabulary
from kg.release.release import Release

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
# The headings under which changes are listed, in this order.
KINDS = ("proposition", "claim", "study", "evidence", "entity", "term")
# What the build computes of the rest changes with it, and is listed as assessments.
_COMPUTED = ("assessments", "inferred", "metadata")
_MAX_VALUES = 20


@dataclass(frozen=True)
class PropertyChange:
    """The values of a property that came and went, in words."""

    property: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class EntityChange:
    """What happened to an entity.

    Attributes:
        iri: of the entity.
        label: its name.
        kind: one of ``KINDS``.
        change: ``added``, ``removed`` or ``changed``.
        properties: of a changed one, what is different.
    """

    iri: str
    label: str
    kind: str
    change: str
    properties: tuple[PropertyChange, ...] = ()


@dataclass(frozen=True)
class TableChange:
    """Rows of a food table that came, went or changed, by the IRI of its graph."""

    graph: str
    added: int
    removed: int
    changed: int


@dataclass(frozen=True)
class ChangeReport:
    """The changes from one release to another.

    Attributes:
        previous, release: ids of both.
        date: when the later one was built, as an ISO 8601 time.
        triples_added, triples_removed: in all graphs but ``graph/metadata``.
        assessments: assessments that differ: those that are reversed, those with another certainty, the others.
        entities: by kind and name.
        tables: food tables with other rows.
        method_changed: whether the code or the ontology of the build differs, which may change assessments too.
    """

    previous: str
    release: str
    date: str
    triples_added: int
    triples_removed: int
    assessments: tuple[AssessmentChange, ...]
    entities: tuple[EntityChange, ...]
    tables: tuple[TableChange, ...]
    method_changed: bool

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON document."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> ChangeReport:
        """The report in a JSON document.

        Raises:
            KeyError, TypeError: it is not one.
        """
        entities = [
            {
                **entity,
                "properties": tuple(
                    PropertyChange(one["property"], tuple(one["removed"]), tuple(one["added"]))
                    for one in entity["properties"]
                ),
            }
            for entity in document["entities"]
        ]
        return cls(
            **{
                **document,
                "assessments": tuple(
                    AssessmentChange(**{**one, "why": tuple(one["why"])}) for one in document["assessments"]
                ),
                "entities": tuple(EntityChange(**entity) for entity in entities),
                "tables": tuple(TableChange(**table) for table in document["tables"]),
            }
        )

    def about(self, iri: str) -> tuple[list[AssessmentChange], list[EntityChange]]:
        """The changes of one entity."""
        return (
            [one for one in self.assessments if one.iri == iri],
            [one for one in self.entities if one.iri == iri],
        )


def report(old: Release, new: Release, changed: ChangedQuads) -> ChangeReport:
    """Describes the changes from one release to another.

    Args:
        old: the earlier release.
        new: the later release.
        changed: the quads that changed.
    """
    vocabulary = Vocabulary(new.base_iri)
    metadata = vocabulary.graph("metadata")
    added, removed = ([q for q in changed_quads_of.parsed(lines) if _graph(q) != metadata]
                      for lines in (changed.added, changed.removed))  # fmt: skip
    before, after = (Snapshot(Store.read_only(str(release.store)), vocabulary) for release in (old, new))
    inputs, earlier = new.manifest.inputs.digests, old.manifest.inputs.digests
    method_changed = any(inputs.get(name) != earlier.get(name) for name in ("code", "ontology"))
    own = {vocabulary.graph(name) for name in GRAPHS}
    computed = {vocabulary.graph(name) for name in _COMPUTED}
    stated = [[q for q in found if _graph(q) in own - computed] for found in (added, removed)]
    entities = tuple(_entities(stated[0], stated[1], before, after))
    touched = {entity.iri for entity in entities}
    assessments = AssessmentChanges(before, after, touched, method_changed=method_changed)
    return ChangeReport(
        previous=old.id,
        release=new.id,
        date=new.built,
        triples_added=len(added),
        triples_removed=len(removed),
        assessments=tuple(assessments.of(_subjects_with_names((*added, *removed)))),
        entities=entities,
        tables=tuple(_tables([q for q in added if _graph(q) not in own], [q for q in removed if _graph(q) not in own])),
        method_changed=method_changed,
    )


def _entities(added: list[Quad], removed: list[Quad], before: Snapshot, after: Snapshot) -> Iterator[EntityChange]:
    values: defaultdict[str, defaultdict[str, tuple[set[str], set[str]]]] = defaultdict(
        lambda: defaultdict(lambda: (set(), set()))
    )
    for place, (found, snapshot) in enumerate(((removed, before), (added, after))):
        for quad in found:
            if isinstance(quad.subject, NamedNode):
                values[quad.subject.value][quad.predicate.value][place].add(snapshot.words(quad.object))
    changes = []
    for iri, properties in values.items():
        was, is_now = before.exists(iri), after.exists(iri)
        snapshot = after if is_now else before
        change = CHANGED if was and is_now else ADDED if is_now else REMOVED
        listed = _properties(properties, snapshot) if change == CHANGED else ()
        if change != CHANGED or listed:
            changes.append(EntityChange(iri, snapshot.label(iri), snapshot.kind(iri), change, listed))
    yield from sorted(changes, key=lambda one: (KINDS.index(one.kind), one.change, one.label, one.iri))


def _properties(properties: Mapping[str, tuple[set[str], set[str]]], snapshot: Snapshot) -> tuple[PropertyChange, ...]:
    listed = []
    for predicate, (went, came) in properties.items():
        # Values that differ only in their node, such as that of a list, are equal in words.
        removed, added = sorted(went - came)[:_MAX_VALUES], sorted(came - went)[:_MAX_VALUES]
        if removed or added:
            listed.append(PropertyChange(snapshot.label(predicate), tuple(removed), tuple(added)))
    return tuple(sorted(listed, key=lambda one: one.property))


def _tables(added: Iterable[Quad], removed: Iterable[Quad]) -> Iterator[TableChange]:
    came, went = _subjects(added), _subjects(removed)
    for graph in sorted(came.keys() | went.keys()):
        both = came[graph].keys() & went[graph].keys()
        yield TableChange(graph, len(came[graph]) - len(both), len(went[graph]) - len(both), len(both))


def _subjects(found: Iterable[Quad]) -> defaultdict[str, Counter[str]]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for quad in found:
        counts[_graph(quad)][str(quad.subject)] += 1
    return counts


def _graph(quad: Quad) -> str:
    assert isinstance(quad.graph_name, NamedNode)
    return quad.graph_name.value


def _subjects_with_names(found: Iterable[Quad]) -> Iterator[str]:
    return (quad.subject.value for quad in found if isinstance(quad.subject, NamedNode))
