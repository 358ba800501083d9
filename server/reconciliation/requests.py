"""Reads batches of reconciliation queries and data extension queries strictly: each error with its place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeVar

from kg.rdf.vocabulary import Vocabulary
from kg.reader.query_parameters import FieldError, InvalidParametersError
from kg.reconciliation.identifiers import term_iri
from kg.reconciliation.matching import Matching, ReconciliationQuery, Wanted
from kg.reconciliation.properties import Property
from server.reconciliation.limits import (
    CANDIDATES,
    MAX_CANDIDATES,
    MAX_CHARACTERS,
    MAX_ENTITIES,
    MAX_PROPERTIES,
    MAX_QUERIES,
    MAX_VALUES,
)

_KEYS = ("query", "type", "limit", "properties", "type_strict")
# Faults in a message; a batch may have hundreds.
_REPORTED = 20
_STRICTNESS = ("any", "should", "all")
T = TypeVar("T")


class TooManyError(Exception):
    """A batch asks for more than one request may."""


@dataclass(frozen=True)
class Extension:
    """Which properties of which entities are wanted; both as the client named them."""

    ids: tuple[str, ...]
    properties: tuple[Property, ...]


class BatchReader:
    """Reads the JSON of one request to the service."""

    def __init__(self, vocabulary: Vocabulary, matching: Matching) -> None:
        self._vocabulary, self._properties, self._types = vocabulary, matching.properties, matching.types
        self._errors: list[FieldError] = []

    def queries(self, text: str) -> dict[str, ReconciliationQuery]:
        """Returns the queries of a batch by their keys.

        Raises:
            InvalidParametersError: with every fault.
            TooManyError: there are more than ``MAX_QUERIES``.
        """
        batch = self._object("queries", _json("queries", text))
        if len(batch) > MAX_QUERIES:
            raise TooManyError(f"The batch has {len(batch)} queries; send at most {MAX_QUERIES} at once.")
        found = {key: self._query(f"queries.{key[:60]}", value) for key, value in batch.items()}
        return self._without_errors(found)

    def extension(self, text: str) -> Extension:
        """Returns a data extension query.

        Raises:
            InvalidParametersError: with every fault.
            TooManyError: there are more than ``MAX_ENTITIES`` entities or ``MAX_PROPERTIES`` properties.
        """
        given = self._object("extend", _json("extend", text))
        ids = self._list("extend.ids", given.get("ids"))
        properties = self._list("extend.properties", given.get("properties"))
        if len(ids) > MAX_ENTITIES or len(properties) > MAX_PROPERTIES:
            raise TooManyError(f"Ask for at most {MAX_ENTITIES} entities and {MAX_PROPERTIES} properties at once.")
        named = [self._text(f"extend.ids.{at}", one) for at, one in enumerate(ids)]
        found = []
        for at, one in enumerate(properties):
            place = f"extend.properties.{at}"
            if self._object(place, one).get("settings"):
                self._fault(f"{place}.settings", "properties have no settings")
            found.append(self._property(f"{place}.id", self._object(place, one).get("id")))
        return self._without_errors(Extension(tuple(named), tuple(one for one in found if one)))

    def class_iri(self, place: str, given: Any) -> str:
        """Returns the IRI of a class, given by identifier, CURIE, IRI or name; "" and a fault if there is none."""
        text = self._text(place, given)
        if not text:
            return ""
        iri = term_iri(self._vocabulary, text)
        if iri not in self._types.all:
            self._fault(place, f"there is no type {text[:60]!r}; suggest/type lists them")
        return iri

    def _query(self, place: str, value: Any) -> ReconciliationQuery:
        given = self._object(place, value)
        for name in given.keys() - set(_KEYS):
            self._fault(f"{place}.{name[:60]}", f"is unknown; a query has {', '.join(_KEYS)}")
        properties = self._list(f"{place}.properties", given.get("properties", []))
        name = self._text(f"{place}.query", given["query"]) if "query" in given else ""
        if not name and not properties:
            self._fault(place, "has neither query nor properties")
        if len(properties) > MAX_PROPERTIES:
            self._fault(f"{place}.properties", f"has more than {MAX_PROPERTIES} properties")
        limit = given.get("limit", CANDIDATES)
        if isinstance(limit, bool) or not isinstance(limit, int | float) or limit < 1 or limit % 1:
            self._fault(f"{place}.limit", "is not a positive whole number")
            limit = CANDIDATES
        strict = given.get("type_strict", "any")
        if strict not in _STRICTNESS:
            self._fault(f"{place}.type_strict", f"is not one of {', '.join(_STRICTNESS)}")
        types = given.get("type") or []
        types = types if isinstance(types, list) else [types]
        return ReconciliationQuery(
            name,
            tuple(self.class_iri(f"{place}.type", one) for one in types[:MAX_VALUES]),
            strict == "all",
            tuple(
                wanted
                for at, one in enumerate(properties[:MAX_PROPERTIES])
                if (wanted := self._wanted(f"{place}.properties.{at}", one))
            ),
            min(int(limit), MAX_CANDIDATES),
        )

    def _wanted(self, place: str, value: Any) -> Wanted | None:
        given = self._object(place, value)
        found = self._property(f"{place}.pid", given.get("pid"))
        values = given.get("v")
        texts, entities = [], []
        listed = values if isinstance(values, list) else [values]
        if len(listed) > MAX_VALUES:
            self._fault(f"{place}.v", f"has more than {MAX_VALUES} values")
        for one in listed[:MAX_VALUES]:
            if isinstance(one, dict):
                entities.append(self._text(f"{place}.v.id", one.get("id")))
            elif isinstance(one, bool):
                texts.append(str(one).lower())
            elif isinstance(one, int | float):
                texts.append(str(one))
            else:
                texts.append(self._text(f"{place}.v", one))
        return Wanted(found, tuple(texts), tuple(entities)) if found else None

    def _property(self, place: str, given: Any) -> Property | None:
        text = self._text(place, given).removeprefix("vitk:").removeprefix(self._vocabulary.terms)
        found = self._properties.all.get(text)
        if text and not found:
            self._fault(place, f"there is no property {text[:60]!r}; suggest/property lists them")
        return found

    def _text(self, place: str, value: Any) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > MAX_CHARACTERS:
            self._fault(place, f"is not a text of 1 to {MAX_CHARACTERS} characters")
            return ""
        return value

    def _object(self, place: str, value: Any) -> dict[str, Any]:
        return self._of_type(place, value, dict, "an object")

    def _list(self, place: str, value: Any) -> list[Any]:
        return self._of_type(place, value, list, "a list")

    def _of_type(self, place: str, value: Any, wanted: type[T], words: str) -> T:
        if isinstance(value, wanted):
            return value
        self._fault(place, f"is not {words}")
        return wanted()

    def _fault(self, place: str, words: str) -> None:
        self._errors.append(FieldError(place, f"{place}: {words}."))

    def _without_errors(self, result: T) -> T:
        if self._errors:
            raise InvalidParametersError(self._errors[:_REPORTED])
        return result


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidParametersError([FieldError(name, f"{name} is not valid JSON: {error}"[:200])]) from error
