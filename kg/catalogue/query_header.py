"""Parses the header of a catalogue query: title, summary, tags, units, chart, and typed parameters.

A header consists of comment lines, in any order, before the query::

    # title: Which foods contain the most of {form|a form of vitamin K}?
    # summary: Foods of one table ranked by their amount of one form, the highest first.
    # tags: foods, food tables
    # chart: bar ?foodName ?micrograms
    # unit: ?micrograms = µg per 100 g
    # page: 50
    # milliseconds: 100
    # deprecated: ?verdict $verdict = use standing
    # claims: ?source
    # parameter: form iri(vitk:VitaminKForm) = id:menaquinone-4
    # parameter: minimum integer(0..100000) = 10; µg per 100 g
    # parameter: group iri(skos:Concept) optional id:sr28-group-1600
    # parameter: food iri(vitk:Food) id:butter

A title has places for values, see ``kg.catalogue.title_template``. Columns named ``?claim`` or ``?…Claim`` contain
claims; so do those after ``# claims:``, though not in every row.

After the type and its range comes the worked example: after ``=`` it is also the default; after ``optional`` the
parameter may be omitted (its placeholder then becomes ``UNDEF`` and so must be in a VALUES block); alone it is an
example of a required value. The text after a semicolon describes the parameter.

Types are ``iri`` (with the allowed classes, separated by ``|``), ``iris`` (several, for VALUES), ``term`` (an IRI or a
literal, as the library's object), ``text`` (with ``..max`` characters), ``integer`` and ``decimal`` (with
``low..high``) and ``choice`` (with its words, separated by ``|``). A unit is text, or names the columns that contain
it:
``# unit: ?from ?to = ?unit per ?per ?perUnit``. A deprecated column or parameter still works, and says what to use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kg.catalogue import title_template

TAGS = {
    "foods": "what foods contain",
    "food tables": "values in food composition tables, with their origin",
    "forms": "the forms of vitamin K and how they differ",
    "comparison": "comparisons of entities",
    "intake": "doses, and reference intakes of authorities",
    "kinetics": "the path through the body: absorption, transport, circulation, breakdown",
    "production": "what makes a form or a food, and from what",
    "proteins": "proteins, enzymes, processes and where they occur",
    "interactions": "substances that change the effect of others, with advice",
    "safety": "side effects and populations at risk",
    "health": "conditions, symptoms, markers and measures",
    "claims": "claims with wording, population and section",
    "evidence": "propositions, the studies for and against them, their assessments, and how claims stand",
    "studies": "studies and their numerical results",
    "flaws": "contradictions, flaws, corrections and unknowns",
    "provenance": "the origin of claims and numbers",
    "identifiers": "names and identifiers in other databases",
    "inference": "statements inferred by rules",
}
TYPES = ("iri", "iris", "term", "text", "integer", "decimal", "choice")
CHARTS = {"bar": 2, "range": 3}
PAGE, MILLISECONDS, MAX_CHARACTERS = 100, 100, 200

_LINE = re.compile(r"# (title|summary|tags|chart|unit|page|milliseconds|deprecated|claims|parameter): (.+)")
_PARAMETER = re.compile(
    r"(?P<name>\w+) (?P<type>\w+)(?:\((?P<range>[^()]*)\))? (?:(?P<how>=|optional) )?"
    r"(?P<example>[^;]+?)(?:; (?P<say>.+))?"
)
_UNIT = re.compile(r"(?P<columns>(?:\?\w+ )+)= (?P<unit>\S.*)")
_DEPRECATED = re.compile(r"(?P<names>(?:[?$]\w+ )+)= (?P<say>\S.*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class HeaderError(ValueError):
    """An invalid header line; ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Parameter:
    """A parameter of a query.

    Args:
        name: its name.
        type: one of ``TYPES``.
        example: a value as written in a request; CURIEs for IRIs.
        default: the value if none is given, or ``None``.
        optional: whether it may be omitted without a default.
        classes: CURIEs of the classes of which an IRI must be a member of at least one; empty for any class.
        minimum: lower limit of a number.
        maximum: upper limit of a number, or of the number of characters of a text.
        choices: the allowed values of a choice.
        description: a few words, such as the unit of a number.
        deprecated: what to use instead, or "" if it is not deprecated.
        line: its line in the file, from 1.
    """

    name: str
    type: str
    example: str
    default: str | None = None
    optional: bool = False
    classes: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    choices: tuple[str, ...] = ()
    description: str = ""
    deprecated: str = ""
    line: int = field(default=0, compare=False)

    @property
    def required(self) -> bool:
        """Whether a value must be given."""
        return self.default is None and not self.optional


@dataclass(frozen=True)
class Chart:
    """The chart of a result: ``bar`` with the columns of label and value, ``range`` with label, low and high."""

    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """The header of a query; ``units`` are by column, and a unit with ``?`` names columns; so is ``deprecated``.

    ``title_template`` has places for values, see ``kg.catalogue.title_template``.

    ``page`` is the number of rows per page of the API, ``milliseconds`` the time budget that tests enforce.
    """

    title_template: str
    summary: str
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    units: dict[str, str] = field(default_factory=dict, hash=False)
    deprecated: dict[str, str] = field(default_factory=dict, hash=False)
    claims: tuple[str, ...] = ()
    chart: Chart | None = None
    page: int = PAGE
    milliseconds: int = MILLISECONDS


def read(text: str) -> tuple[Header, int]:
    """Parses the header of a file; returns it and its number of lines.

    Raises:
        HeaderError: a line is missing, repeated or invalid.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    lines = text.splitlines()
    count = 0
    while count < len(lines) and (match := _LINE.fullmatch(lines[count])):
        count += 1
        found.setdefault(match[1], []).append((count, match[2]))
    for name in ("title", "summary"):
        if name not in found:
            raise HeaderError(1, "a query starts with one '# title: …' and one '# summary: …' line")
    for name in ("title", "summary", "tags", "chart", "page", "milliseconds", "claims"):
        if len(found.get(name, [])) > 1:
            raise HeaderError(found[name][1][0], f"there is more than one '# {name}: …' line")
    units: dict[str, str] = {}
    for line in found.get("unit", []):
        units |= _unit(*line)
    deprecated: dict[str, str] = {}
    for line in found.get("deprecated", []):
        deprecated |= _deprecated(*line)
    parameters = [_parameter(*line) for line in found.get("parameter", [])]
    _check_title(*found["title"][0], {parameter.name for parameter in parameters})
    header = Header(
        title_template=found["title"][0][1],
        summary=found["summary"][0][1],
        tags=_tags(*found["tags"][0]) if "tags" in found else (),
        parameters=tuple(replace(one, deprecated=deprecated.get("$" + one.name, "")) for one in parameters),
        units=units,
        deprecated={name[1:]: say for name, say in deprecated.items() if name[0] == "?"},
        claims=_columns(*found["claims"][0]) if "claims" in found else (),
        chart=_chart(*found["chart"][0]) if "chart" in found else None,
        page=_count(*found["page"][0]) if "page" in found else PAGE,
        milliseconds=_count(*found["milliseconds"][0]) if "milliseconds" in found else MILLISECONDS,
    )
    return header, count


def _check_title(line: int, template: str, known: set[str]) -> None:
    try:
        named = title_template.parameters(template)
    except ValueError as error:
        raise HeaderError(line, str(error)) from error
    for name in named:
        if name not in known:
            raise HeaderError(line, f"the title has a place for {name!r}, which is not a parameter")


def _tags(line: int, text: str) -> tuple[str, ...]:
    tags = tuple(tag.strip() for tag in text.split(","))
    for tag in tags:
        if tag not in TAGS:
            raise HeaderError(line, f"there is no tag {tag!r}; tags are {', '.join(TAGS)}")
    return tags


def _columns(line: int, text: str) -> tuple[str, ...]:
    if not re.fullmatch(r"\?\w+( \?\w+)*", text):
        raise HeaderError(line, "columns of claims are '?column ?column'")
    return tuple(column[1:] for column in text.split())


def _chart(line: int, text: str) -> Chart:
    kind, *columns = text.split()
    if CHARTS.get(kind) != len(columns) or not all(column.startswith("?") for column in columns):
        raise HeaderError(line, "a chart is 'bar ?label ?value' or 'range ?label ?low ?high'")
    return Chart(kind, tuple(column[1:] for column in columns))


def _unit(line: int, text: str) -> dict[str, str]:
    match = _UNIT.fullmatch(text)
    if match is None:
        raise HeaderError(line, "a unit is '?column ?column = µg per 100 g'")
    return {column[1:]: match["unit"] for column in match["columns"].split()}


def _deprecated(line: int, text: str) -> dict[str, str]:
    match = _DEPRECATED.fullmatch(text)
    if match is None:
        raise HeaderError(line, "a deprecation is '?column $parameter = use another'")
    return dict.fromkeys(match["names"].split(), match["say"])


def _count(line: int, text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,4}", text):
        raise HeaderError(line, f"{text!r} is not a positive integer")
    return int(text)


def _parameter(line: int, text: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    if match is None or match["type"] not in TYPES:
        message = "a parameter is 'name type(range) = default' or 'name type example'; types are "
        raise HeaderError(line, message + ", ".join(TYPES))
    name, type_name, example, limits = match["name"], match["type"], match["example"], match["range"] or ""
    low: Decimal | None = None
    high: Decimal | None = Decimal(MAX_CHARACTERS) if type_name == "text" else None
    words = tuple(word for word in limits.split("|") if word)
    if type_name in ("integer", "decimal", "text") and limits:
        low, high = _bounds(line, limits)
    if type_name == "choice" and example not in words:
        raise HeaderError(line, f"{example!r} is not one of the choices of {name}")
    if type_name in ("integer", "decimal"):
        _check_number(line, example, low, high)
    return Parameter(
        name=name,
        type=type_name,
        example=example,
        default=example if match["how"] == "=" else None,
        optional=match["how"] == "optional",
        classes=words if type_name in ("iri", "iris") else (),
        minimum=low,
        maximum=high,
        choices=words if type_name == "choice" else (),
        description=match["say"] or "",
        line=line,
    )


def _bounds(line: int, text: str) -> tuple[Decimal | None, Decimal | None]:
    low, dots, high = text.partition("..")
    if not dots or not all(not part or _NUMBER.fullmatch(part) for part in (low, high)):
        raise HeaderError(line, f"{text!r} is not a range, such as 1..500")
    return Decimal(low) if low else None, Decimal(high) if high else None


def _check_number(line: int, text: str, low: Decimal | None, high: Decimal | None) -> None:
    if not _NUMBER.fullmatch(text):
        raise HeaderError(line, f"{text!r} is not a number")
    if (low is not None and Decimal(text) < low) or (high is not None and Decimal(text) > high):
        raise HeaderError(line, f"the example {text} is out of range")
