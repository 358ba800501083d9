"""The layout of an entity and its neighbours, grouped by relation.

On wide screens incoming links are on the left and outgoing ones on the right; on narrow screens all are below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kg.claims.backlinks import Backlinks
from kg.claims.claim_index import ClaimIndex
from kg.rdf.natural_order import natural_key
from kg.reader.entity import Entity, Reference

MAX_NODES, MAX_GROUPS = 5, 5
# An entity with fewer neighbours gets no graph: the page lists them in words.
MIN_NODES = 3
_NODE, _HEAD, _BETWEEN = 32, 24, 14
_WIDE, _CENTRE, _GAP = 286, 220, 64
_LETTER = 7.4
_NARROW, _INDENT, _CENTRE_HEIGHT = 336, 36, 44
# Relations that the page shows in tables of their own.
_UNDRAWN = (
    *("hasMeasurement", "hasHouseholdMeasure", "hasOrigin", "derivationMethod", "inFoodGroup", "hasEvidenceLine"),
    *("unit", "referenceUnit", "isDefinedBy", "correspondsTo", "hedge", "basis", "standing", "#effect", "bearsOn"),
)


@dataclass(frozen=True)
class Node:
    """An entity in the graph.

    Attributes:
        target: the entity.
        text: its label, shortened to fit.
        x: left edge, in user units of the SVG.
        y: top edge.
        path: SVG path of the line to the centre, or "".
        inferred: whether the link is inferred.
    """

    target: Reference
    text: str
    x: int
    y: int
    path: str
    inferred: bool


@dataclass(frozen=True)
class Group:
    """The entities that one relation links to the centre.

    Attributes:
        title: label of the relation.
        relation: the relation, or ``None`` where claims make the link.
        x: left edge of the title, in user units of the SVG.
        y: baseline of the title.
        nodes: the entities that are drawn.
        more: number of those that are not.
        is_incoming: whether they link to the centre.
    """

    title: str
    relation: Reference | None
    x: int
    y: int
    nodes: tuple[Node, ...]
    more: int
    is_incoming: bool


@dataclass(frozen=True)
class Layout:
    """A complete layout, in user units of the SVG."""

    width: int
    height: int
    node_width: int
    node_height: int
    centre: Node
    centre_width: int
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Neighbourhood:
    """The graph of an entity.

    Attributes:
        wide: layout for wide screens.
        narrow: layout of the same nodes for narrow screens.
        undrawn: number of relations that are not drawn.
    """

    wide: Layout
    narrow: Layout
    undrawn: int

    @property
    def drawn(self) -> int:
        """Number of entities that are drawn around the centre."""
        return sum(len(group.nodes) for group in self.wide.groups)


@dataclass(frozen=True)
class _RelationGroup:
    title: str
    relation: Reference | None
    entities: tuple[tuple[Reference, bool], ...]
    count: int


def lay_out_neighbourhood(
    entity: Entity, incoming: Iterable[Backlinks], claim_index: ClaimIndex
) -> Neighbourhood | None:
    """Lays the graph of an entity out, or returns ``None`` if it has fewer than ``MIN_NODES`` neighbours.

    Args:
        entity: the entity in the centre.
        incoming: its backlinks.
        claim_index: supplies the links by claims.
    """
    right = _outgoing(entity) + _acted_on(entity, claim_index)
    left = _pointing(incoming) + _acting(entity, claim_index)
    if sum(group.count for group in (*left, *right)) < MIN_NODES:
        return None
    undrawn = sum(max(0, len(side) - MAX_GROUPS) for side in (left, right))
    left, right = left[:MAX_GROUPS], right[:MAX_GROUPS]
    return Neighbourhood(_wide(entity, left, right), _narrow(entity, left, right), undrawn)


def _wide(entity: Entity, left: list[_RelationGroup], right: list[_RelationGroup]) -> Layout:
    height = max(_height(left), _height(right), _NODE + 8)
    middle_x = _WIDE + _GAP if left else 0
    middle, right_x = height // 2, middle_x + _CENTRE + _GAP

    def curve(start: int, edge: int) -> Callable[[int], str]:
        bend = (start + edge) // 2
        return lambda end: f"M{start} {middle}C{bend} {middle} {bend} {end} {edge} {end}"

    groups = [
        *_column(left, 0, middle - _height(left) // 2, _WIDE, curve(middle_x, _WIDE), is_incoming=True),
        *_column(
            right, right_x, middle - _height(right) // 2, _WIDE, curve(middle_x + _CENTRE, right_x), is_incoming=False
        ),
    ]
    label = _short(entity.label, int(_CENTRE * 0.75))
    centre = Node(
        Reference(entity.iri, entity.label), label, middle_x, middle - _CENTRE_HEIGHT // 2, "", inferred=False
    )
    width = right_x + _WIDE if right else middle_x + _CENTRE
    return Layout(width, height, _WIDE, _NODE - 6, centre, _CENTRE, tuple(groups))


def _narrow(entity: Entity, left: list[_RelationGroup], right: list[_RelationGroup]) -> Layout:
    width = _NARROW - _INDENT
    top = _CENTRE_HEIGHT + _BETWEEN
    below = top + _height(left) + _BETWEEN if left else top

    def branch(end: int) -> str:
        return f"M14 {_CENTRE_HEIGHT}V{end - 8}Q14 {end} 22 {end}H{_INDENT}"

    groups = [
        *_column(left, _INDENT, top, width, branch, is_incoming=True),
        *_column(right, _INDENT, below, width, branch, is_incoming=False),
    ]
    centre = Node(Reference(entity.iri, entity.label), _short(entity.label, 230), 0, 0, "", inferred=False)
    return Layout(_NARROW, top + _height([*left, *right]), width, _NODE - 6, centre, 270, tuple(groups))


def _outgoing(entity: Entity) -> list[_RelationGroup]:
    groups = []
    for relation in entity.relations:
        entities = [(s.value, s.inferred) for s in relation.values if isinstance(s.value, Reference)]
        ours = tuple((target, inferred) for target, inferred in entities if _is_ours(target, entity))
        if ours and not relation.property.iri.endswith(_UNDRAWN):
            groups.append(_RelationGroup(relation.property.label, relation.property, ours, len(ours)))
    return groups


def _pointing(incoming: Iterable[Backlinks]) -> list[_RelationGroup]:
    return [
        _RelationGroup(one.property.label, one.property, tuple((target, False) for target in one.shown), one.count)
        for one in incoming
        if not one.property.iri.endswith(_UNDRAWN) and one.shown
    ]


def _acted_on(entity: Entity, claim_index: ClaimIndex) -> list[_RelationGroup]:
    counts: Counter[Reference] = Counter()
    for claim_summary in claim_index.claims_about(entity.iri):
        if "subject" in claim_summary.parts.get(entity.iri, ()):
            counts.update(about for about in claim_summary.about if about.iri != entity.iri)
    return _claimed("claimed to affect", counts)


def _acting(entity: Entity, claim_index: ClaimIndex) -> list[_RelationGroup]:
    counts: Counter[Reference] = Counter()
    for claim_summary in claim_index.claims_about(entity.iri):
        subject = claim_summary.role("subject")
        if subject and subject.iri != entity.iri and any(about.iri == entity.iri for about in claim_summary.about):
            counts[subject] += 1
    return _claimed("claimed to be affected by", counts)


def _claimed(title: str, counts: Counter[Reference]) -> list[_RelationGroup]:
    in_order = sorted(counts, key=lambda target: (-counts[target], natural_key(target.label)))
    return [_RelationGroup(title, None, tuple((target, False) for target in in_order), len(counts))] if counts else []


def _height(side: list[_RelationGroup]) -> int:
    heights = (_HEAD + _NODE * (min(len(group.entities), MAX_NODES) + (_more(group) > 0)) for group in side)
    return sum(heights) + _BETWEEN * max(0, len(side) - 1)


def _more(group: _RelationGroup) -> int:
    return group.count - min(len(group.entities), MAX_NODES)


def _column(
    side: list[_RelationGroup], x: int, y: int, width: int, line_to: Callable[[int], str], *, is_incoming: bool
) -> list[Group]:
    """Groups below each other; ``line_to`` returns the path from the centre to a node at a height."""
    groups = []
    for group in side:
        nodes = []
        for index, (target, inferred) in enumerate(group.entities[:MAX_NODES]):
            top = y + _HEAD + index * _NODE
            text = _short(target.label, width - 20)
            nodes.append(Node(target, text, x, top, line_to(top + (_NODE - 6) // 2), inferred))
        groups.append(Group(group.title, group.relation, x, y + 15, tuple(nodes), _more(group), is_incoming))
        y += _HEAD + _NODE * (len(nodes) + (_more(group) > 0)) + _BETWEEN
    return groups


def _is_ours(target: Reference, entity: Entity) -> bool:
    base = entity.iri.partition("/id/")[0].partition("/ontology#")[0]
    return target.iri.startswith((base + "/id/", base + "/ontology#")) and target.iri != entity.iri


def _short(text: str, width: int) -> str:
    max_length = int(width / _LETTER)
    return text if len(text) <= max_length else text[: max_length - 1].rstrip(" ,") + "…"
