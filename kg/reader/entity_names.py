"""Resolves what people call an entity, as any parameter of the class takes it: IRI, CURIE, end of the IRI, or name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence

from kg.catalogue.query_header import Parameter
from kg.errors import VitkError
from kg.index.question_words import normalise
from kg.rdf.iri import is_iri
from kg.reader.reader import Reader

# What names a term where any entity will do: names of entities are in the search index.
_TERM_CLASSES = ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty")
_TABLE = "FoodCompositionTable"
_NAME = re.compile(r"[\w.~-]+")
# In characters: the longest name, and how much of one a message repeats.
MAX_LENGTH, _SHOWN = 500, 60
# A class with no more members than these is listed completely when no name is close.
_LISTED = 12


class UnknownEntityError(VitkError):
    """No entity, or more than one, has this name; ``nearest`` are CURIEs of what may be meant."""

    def __init__(self, detail: str, nearest: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.nearest = tuple(nearest)


def resolve(reader: Reader, parameter: Parameter, text: str) -> str:
    """Returns the IRI of the entity that a text means.

    The graph of a food table stands for the table.

    Args:
        reader: the release to which the entity must belong.
        parameter: supplies the classes to which it must belong, and an example for the error.
        text: an absolute IRI, a CURIE, the end of an IRI, or a name in any case and with any punctuation.

    Raises:
        UnknownEntityError: the text means no such entity, or several, or is too long.
    """
    if len(text) > MAX_LENGTH:
        raise UnknownEntityError(f"{parameter.name} has {len(text):,} characters; the limit is {MAX_LENGTH:,}.")
    wanted = {reader.vocabulary.expand(name) for name in parameter.classes}
    valid = [iri for iri in _candidates(reader, text, wanted) if is_iri(iri)]
    hits = [] if ":" in text else [hit for hit in reader.search.find(text, 10) if _is_named(hit.matched, text)]
    kinds = _types(reader, [*valid, *(hit.iri for hit in hits)])
    for iri in valid:
        if iri in kinds and (not wanted or kinds[iri] & wanted):
            return iri
    named = {hit.iri for hit in hits if not wanted or kinds.get(hit.iri, set()) & wanted}
    if not named and ":" not in text:
        named = _unindexed_names(reader, wanted).get(normalise(text), set())
    if len(named) > 1:
        # A label is stronger than a synonym or the title of a study.
        labels = reader.references([], extra=named).values()
        named = {one.iri for one in labels if _is_named(one.label, text)} or named
        # A food that is described stands for the rows of tables that are called the same.
        rows = reader.vocabulary.term("TableFood")
        named = {iri for iri in named if rows not in kinds.get(iri, ())} or named
    if len(named) == 1:
        return next(iter(named))
    raise _no_such_entity(reader, parameter, text, next((iri for iri in valid if iri in kinds), None), named)


def _candidates(reader: Reader, text: str, wanted: Collection[str]) -> list[str]:
    vocabulary = reader.vocabulary
    if ":" in text:
        found = [vocabulary.expand(text)]
    elif _NAME.fullmatch(text):
        found = [start + text for start in (vocabulary.entities, vocabulary.terms, vocabulary.graph(""))]
    else:
        found = []
    if vocabulary.term(_TABLE) in wanted:
        return [reader.table_of_graph.get(iri, iri) for iri in found]
    return found


def _unindexed_names(reader: Reader, wanted: Collection[str]) -> dict[str, set[str]]:
    """The names of members of classes that the search index leaves out, such as sections, hedges and classes."""
    classes = wanted or {reader.vocabulary.expand(name) for name in _TERM_CLASSES}
    found: dict[str, set[str]] = {}
    for name, iri in reader.names_of_members(frozenset(one for one in classes if not reader.is_indexed(one))):
        found.setdefault(normalise(name), set()).add(iri)
        found.setdefault(normalise(re.split("[/#]", iri)[-1]), set()).add(iri)
    return found


def _no_such_entity(
    reader: Reader, parameter: Parameter, text: str, other: str | None, named: set[str]
) -> UnknownEntityError:
    vocabulary = reader.vocabulary
    classes = [vocabulary.expand(name) for name in parameter.classes]
    called = {reference.iri: reference.label for reference in reader.references([], extra=classes).values()}
    kind = " or ".join(called[iri] for iri in classes) or "entity"
    such = f"such as {parameter.example}"
    if len(named) > 1:
        names = tuple(sorted(vocabulary.shorten(iri) for iri in named))
        return UnknownEntityError(f"{text[:_SHOWN]!r} is the name of more than one {kind}: {', '.join(names)}.", names)
    near = _nearest(reader, text, set(classes))
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    if other is not None:
        message = f"{parameter.name} must be of the class {kind}, {such}; {vocabulary.shorten(other)} is not."
        return UnknownEntityError(message + hint, near)
    return UnknownEntityError(f"{parameter.name}: there is no {kind} {text[:_SHOWN]!r}; use one {such}.{hint}", near)


def _nearest(reader: Reader, text: str, wanted: set[str]) -> tuple[str, ...]:
    words = text.rpartition(":")[2].rpartition("/")[2]
    hits = reader.search.nearest(words, 20)
    kinds = _types(reader, [hit.iri for hit in hits])
    fitting = [hit.iri for hit in hits if not wanted or kinds.get(hit.iri, set()) & wanted]
    if len(fitting) < 3:
        names = _unindexed_names(reader, wanted)
        close = difflib.get_close_matches(normalise(words[:_SHOWN]), names, 3, 0.5)
        fitting += [iri for name in close for iri in sorted(names[name])]
        members = sorted({iri for iris in names.values() for iri in iris})
        if not fitting and len(members) <= _LISTED:
            return tuple(map(reader.vocabulary.shorten, members))
    return tuple(map(reader.vocabulary.shorten, list(dict.fromkeys(fitting))[:3]))


def _types(reader: Reader, iris: Sequence[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    if iris:
        for row in reader.run("pages/kinds-of", {"entities": iris}):
            found.setdefault(row["entity"].value, set()).add(row["kind"].value)
    return found


def _is_named(name: str, text: str) -> bool:
    return normalise(name) == normalise(text) != ""
