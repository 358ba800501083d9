"""Parses values for the parameters of a query strictly: each value from text, each error with its field.

An entity may be given by IRI, CURIE or name, as ``kg.reader.entity_names`` resolves it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import NamedNode

from kg.catalogue.catalogue import Value
from kg.catalogue.query_header import Parameter
from kg.errors import VitkError
from kg.reader.entity_names import MAX_LENGTH, UnknownEntityError, resolve
from kg.reader.reader import Reader

_NUMBERS = {"integer": re.compile(r"-?[0-9]{1,9}"), "decimal": re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")}
# In characters, except for the number of IRIs; _SHOWN is the length of a value repeated in a message.
_MAX_LIST_LENGTH, _MAX_IRIS, _SHOWN = 2000, 20, 60


@dataclass(frozen=True)
class FieldError:
    """An invalid field: the problem, and the nearest valid values."""

    field: str
    detail: str
    nearest: tuple[str, ...] = ()


class InvalidParametersError(VitkError):
    """Invalid values for a query; ``errors`` has one entry for each field."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__(" ".join(error.detail for error in errors))


def parse_values(reader: Reader, parameters: Sequence[Parameter], given: Mapping[str, str]) -> dict[str, Value]:
    """Parses the values for all parameters; ``None`` stands for an optional one that is missing.

    Args:
        reader: the release to which entities must belong.
        parameters: the parameters of the query.
        given: texts by parameter name. An empty text counts as missing, as forms send it; white space alone does not.

    Raises:
        InvalidParametersError: with every unknown, missing or invalid field.
    """
    values: dict[str, Value] = {}
    known = {parameter.name: parameter for parameter in parameters}
    errors = [_unknown(name, known) for name in given if name not in known]
    for name, parameter in known.items():
        text = given.get(name) or parameter.default
        if text is None:
            values[name] = None
            if parameter.required:
                errors.append(FieldError(name, f"{name} is missing; an example is {parameter.example}."))
            continue
        try:
            values[name] = _value(reader, parameter, text)
        except UnknownEntityError as error:
            errors.append(FieldError(name, str(error), error.nearest))
    if errors:
        raise InvalidParametersError(errors)
    return values


def max_length(parameter: Parameter) -> int | None:
    """Returns the maximum number of characters of a text, an entity or a list of entities; ``None`` without a limit."""
    if parameter.type == "text":
        return None if parameter.maximum is None else int(parameter.maximum)
    return _MAX_LIST_LENGTH if parameter.type == "iris" else MAX_LENGTH


def iris_of(type_name: str, value: Value) -> list[str]:
    """Returns the IRIs of which a value of a type of parameter consists; none for a text, a number or a choice."""
    match type_name, value:
        case "iri", str():
            return [value]
        case "iris", _:
            return [str(iri) for iri in value]  # type: ignore[union-attr]
        case "term", NamedNode():
            return [value.value]
        case _:
            return []


def as_text(reader: Reader, value: Value) -> str | None:
    """Returns a value in the form in which it can be entered again; ``None`` for a missing one."""
    if value is None:
        return None
    if isinstance(value, str | int | Decimal):
        return reader.vocabulary.shorten(value) if isinstance(value, str) else str(value)
    if isinstance(value, NamedNode):
        return reader.vocabulary.shorten(value.value)
    return ",".join(reader.vocabulary.shorten(str(part)) for part in value)  # type: ignore[union-attr]


class _InvalidValueError(UnknownEntityError):
    """A value that is not of the type of its parameter, whether or not it names an entity."""


def _unknown(name: str, known: Mapping[str, Parameter]) -> FieldError:
    near = tuple(difflib.get_close_matches(name[:_SHOWN], known, 3, 0.4))
    available = f"use {', '.join(known)}." if known else "this query takes none."
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return FieldError(name[:_SHOWN], f"There is no parameter {name[:_SHOWN]!r}; {available}{hint}", near)


def _value(reader: Reader, parameter: Parameter, given: str) -> Value:
    text = given.strip()
    if not text:
        raise _InvalidValueError(f"{parameter.name} is blank; an example is {parameter.example}.")
    if parameter.type in _NUMBERS:
        return _number(parameter, text)
    if parameter.type == "choice":
        if text not in parameter.choices:
            near = tuple(difflib.get_close_matches(text[:_SHOWN], parameter.choices, 3, 0.4))
            message = f"{parameter.name} must be one of {', '.join(parameter.choices)}; {text[:_SHOWN]!r} is not."
            raise _InvalidValueError(message, near)
        return text
    # The length before white space is stripped, as in the OpenAPI document.
    if (limit := max_length(parameter)) is not None and len(given) > limit:
        raise _InvalidValueError(f"{parameter.name} has {len(given):,} characters; the limit is {limit:,}.")
    if parameter.type == "text":
        return text
    if parameter.type == "iris":
        parts = text.split(",")
        if len(parts) > _MAX_IRIS:
            raise _InvalidValueError(f"{parameter.name} takes at most {_MAX_IRIS} entities; {len(parts)} were given.")
        return [resolve(reader, parameter, part.strip()) for part in parts]
    iri = resolve(reader, parameter, text)
    return NamedNode(iri) if parameter.type == "term" else iri


def _number(parameter: Parameter, text: str) -> Value:
    number_type = "a whole number" if parameter.type == "integer" else "a number"
    low, high = parameter.minimum, parameter.maximum
    bounds = f" from {low}" if low is not None else ""
    bounds += f" to {high}" if high is not None else ""
    number = Decimal(text) if text.isascii() and _NUMBERS[parameter.type].fullmatch(text) else None
    if number is None or (low is not None and number < low) or (high is not None and number > high):
        raise _InvalidValueError(f"{parameter.name} must be {number_type}{bounds}; {text[:_SHOWN]!r} is not.")
    return int(number) if parameter.type == "integer" else number
