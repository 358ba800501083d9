"""A thing amid what it is linked to, in groups by relation: for wide screens what names it stands on the left and what
it names on the right, for narrow ones all stands below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kg.claimbook import ClaimBook
from kg.entity import Entity, Reference
from kg.incoming import Incoming

MOST_NODES, MOST_GROUPS = 5, 5
# What is linked to fewer things than this is told in words alone.
LEAST_NODES = 3
_NODE, _HEAD, _BETWEEN = 32, 24, 14
_WIDE, _CENTRE, _GAP = 286, 220, 64
_LETTER = 7.4
_NARROW, _INDENT, _CENTRE_HEIGHT = 336, 36, 44
# Relations to and from the rows of food tables, which have tables of their own.
_UNDRAWN = (
    *("hasMeasurement", "hasHouseholdMeasure", "hasOrigin", "derivationMethod", "inFoodGroup", "hasEvidenceLine"),
    *("unit", "referenceUnit", "isDefinedBy", "correspondsTo", "hedge", "basis", "verdict", "#effect", "bearsOn"),
)


@dataclass(frozen=True)
class Node:
    """A thing in the picture; ``text`` is its label, shortened to fit."""

    thing: Reference
    text: str
    x: int
    y: int
    path: str
    inferred: bool


@dataclass(frozen=True)
class Group:
    """Things that one relation links to the middle; ``more`` are not drawn."""

    title: str
    relation: Reference | None
    x: int
    y: int
    nodes: tuple[Node, ...]
    more: int
    is_incoming: bool


@dataclass(frozen=True)
class Picture:
    """Everything in place, in the units of the picture."""

    width: int
    height: int
    node_width: int
    node_height: int
    centre: Node
    centre_width: int
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Neighbourhood:
    """One picture for wide screens and one for narrow ones, of the same things; ``undrawn`` relations are left out."""

    wide: Picture
    narrow: Picture
    undrawn: int

    @property
    def drawn(self) -> int:
        return sum(len(group.nodes) for group in self.wide.groups)


@dataclass(frozen=True)
class _Bundle:
    title: str
    relation: Reference | None
    things: tuple[tuple[Reference, bool], ...]
    count: int


def neighbourhood_of(entity: Entity, incoming: Iterable[Incoming], book: ClaimBook) -> Neighbourhood | None:
    """The pictures of a thing, or ``None`` where it is linked to so little that words do."""
    right = _outgoing(entity) + _acted_on(entity, book)
    left = _pointing(incoming) + _acting(entity, book)
    if sum(bundle.count for bundle in (*left, *right)) < LEAST_NODES:
        return None
    undrawn = sum(max(0, len(side) - MOST_GROUPS) for side in (left, right))
    left, right = left[:MOST_GROUPS], right[:MOST_GROUPS]
    return Neighbourhood(_wide(entity, left, right), _narrow(entity, left, right), undrawn)


def _wide(entity: Entity, left: list[_Bundle], right: list[_Bundle]) -> Picture:
    height = max(_height(left), _height(right), _NODE + 8)
    middle_x = _WIDE + _GAP if left else 0
    middle = height // 2
    groups = [
        *_placed(left, 0, middle, (middle_x, middle), is_incoming=True),
        *_placed(right, middle_x + _CENTRE + _GAP, middle, (middle_x + _CENTRE, middle), is_incoming=False),
    ]
    label = _short(entity.label, int(_CENTRE * 0.75))
    centre = Node(Reference(entity.iri, entity.label), label, middle_x, middle - 22, "", inferred=False)
    width = middle_x + _CENTRE + (_GAP + _WIDE if right else 0)
    return Picture(width, height, _WIDE, _NODE - 6, centre, _CENTRE, tuple(groups))


def _narrow(entity: Entity, left: list[_Bundle], right: list[_Bundle]) -> Picture:
    node_width = _NARROW - _INDENT
    y = _CENTRE_HEIGHT + _BETWEEN
    groups = []
    for bundle in (*left, *right):
        nodes = []
        for place, (thing, inferred) in enumerate(bundle.things[:MOST_NODES]):
            top = y + _HEAD + place * _NODE
            end = top + (_NODE - 6) // 2
            path = f"M14 {_CENTRE_HEIGHT}V{end - 8}Q14 {end} 22 {end}H{_INDENT}"
            nodes.append(Node(thing, _short(thing.label, node_width - 20), _INDENT, top, path, inferred))
        is_incoming = any(bundle is other for other in left)
        more = _more(bundle)
        groups.append(Group(bundle.title, bundle.relation, _INDENT, y + 15, tuple(nodes), more, is_incoming))
        y += _HEAD + _NODE * (len(nodes) + (more > 0)) + _BETWEEN
    centre = Node(Reference(entity.iri, entity.label), _short(entity.label, 230), 0, 0, "", inferred=False)
    return Picture(_NARROW, y - _BETWEEN, node_width, _NODE - 6, centre, 270, tuple(groups))


def _outgoing(entity: Entity) -> list[_Bundle]:
    found = []
    for relation in entity.relations:
        things = [(s.value, s.inferred) for s in relation.values if isinstance(s.value, Reference)]
        ours = tuple((thing, inferred) for thing, inferred in things if _is_ours(thing, entity))
        if ours and not relation.property.iri.endswith(_UNDRAWN):
            found.append(_Bundle(relation.property.label, relation.property, ours, len(ours)))
    return found


def _pointing(incoming: Iterable[Incoming]) -> list[_Bundle]:
    return [
        _Bundle(one.property.label, one.property, tuple((thing, False) for thing in one.shown), one.count)
        for one in incoming
        if not one.property.iri.endswith(_UNDRAWN) and one.shown
    ]


def _acted_on(entity: Entity, book: ClaimBook) -> list[_Bundle]:
    found: Counter[Reference] = Counter()
    for card in book.naming(entity.iri):
        if "subject" in card.parts_of(entity.iri):
            found.update(about for about in card.about if about.iri != entity.iri)
    return _claimed("claims speak of its part in", found)


def _acting(entity: Entity, book: ClaimBook) -> list[_Bundle]:
    found: Counter[Reference] = Counter()
    for card in book.naming(entity.iri):
        subject = card.role("subject")
        if subject and subject.iri != entity.iri and any(about.iri == entity.iri for about in card.about):
            found[subject] += 1
    return _claimed("claims name in this regard", found)


def _claimed(title: str, found: Counter[Reference]) -> list[_Bundle]:
    in_order = sorted(found, key=lambda thing: (-found[thing], thing.label))
    return [_Bundle(title, None, tuple((thing, False) for thing in in_order), len(found))] if found else []


def _height(side: list[_Bundle]) -> int:
    heights = (_HEAD + _NODE * (min(len(b.things), MOST_NODES) + (_more(b) > 0)) for b in side)
    return sum(heights) + _BETWEEN * max(0, len(side) - 1)


def _more(bundle: _Bundle) -> int:
    return bundle.count - min(len(bundle.things), MOST_NODES)


def _placed(side: list[_Bundle], x: int, middle: int, start: tuple[int, int], *, is_incoming: bool) -> list[Group]:
    y = middle - _height(side) // 2
    edge = x + _WIDE if is_incoming else x
    bend = (start[0] + edge) // 2
    groups = []
    for bundle in side:
        nodes = []
        for place, (thing, inferred) in enumerate(bundle.things[:MOST_NODES]):
            top = y + _HEAD + place * _NODE
            end = top + (_NODE - 6) // 2
            path = f"M{start[0]} {start[1]}C{bend} {start[1]} {bend} {end} {edge} {end}"
            nodes.append(Node(thing, _short(thing.label, _WIDE - 20), x, top, path, inferred))
        groups.append(Group(bundle.title, bundle.relation, x, y + 15, tuple(nodes), _more(bundle), is_incoming))
        y += _HEAD + _NODE * (len(nodes) + (_more(bundle) > 0)) + _BETWEEN
    return groups


def _is_ours(thing: Reference, entity: Entity) -> bool:
    base = entity.iri.partition("/id/")[0].partition("/ontology#")[0]
    return thing.iri.startswith((base + "/id/", base + "/ontology#")) and thing.iri != entity.iri


def _short(text: str, width: int) -> str:
    most = int(width / _LETTER)
    return text if len(text) <= most else text[: most - 1].rstrip(" ,") + "…"
