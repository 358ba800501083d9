"""What stands above a question of the catalogue: title, summary, tags, units, chart, and typed parameters.

A header is made of comment lines, in any order, before the query::

    # title: Which foods hold most of a form?
    # summary: Foods of one table by their amount of one form, the highest first.
    # tags: foods, food tables
    # chart: bar ?foodName ?micrograms
    # unit: ?micrograms = µg per 100 g
    # page: 50
    # milliseconds: 100
    # parameter: form iri(vitk:VitaminKForm) = id:menaquinone-4
    # parameter: minimum integer(0..100000) = 10; µg per 100 g
    # parameter: group iri(skos:Concept) optional id:sr28-group-1600
    # parameter: food iri(vitk:Food) id:butter

After the type and its range comes the worked example: after ``=`` it is the default as well, after ``optional`` the
parameter may be left out (its placeholder then becomes ``UNDEF`` and so has to stand in a VALUES block), and alone it
is an example of a value that must be given. What follows a semicolon is said of the parameter.

Types are ``iri`` (with the classes to which it may belong, separated by ``|``), ``iris`` (several, for VALUES),
``term`` (an IRI or a literal, as the library's object), ``text`` (with ``..most`` characters), ``integer`` and
``decimal`` (with ``low..high``) and ``choice`` (with its words, separated by ``|``). A unit is words, or names the
columns that hold it: ``# unit: ?from ?to = ?unit per ?per ?perUnit``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

TAGS = {
    "foods": "what foods hold",
    "food tables": "the values of food composition tables, with their origin",
    "forms": "the forms of vitamin K and how they differ",
    "comparison": "one thing beside another",
    "intake": "doses, and intakes that authorities set",
    "kinetics": "the way through the body: uptake, transport, circulation, breakdown",
    "production": "what makes a form or a food, and from what",
    "proteins": "proteins, enzymes, processes and where they occur",
    "interactions": "substances that change the effect of others, and advice",
    "safety": "side effects, and who needs care",
    "health": "conditions, symptoms, markers and measures",
    "claims": "what is claimed, how firmly, for whom and where",
    "evidence": "studies for and against claims, and the verdicts that follow",
    "studies": "studies and their results in numbers",
    "doubt": "contradictions, flaws, corrections and what is not known",
    "provenance": "where a statement or a number comes from",
    "identifiers": "names and identifiers in other databases",
    "inference": "what rules concluded",
}
TYPES = ("iri", "iris", "term", "text", "integer", "decimal", "choice")
CHARTS = {"bar": 2, "range": 3}
PAGE, MILLISECONDS, MOST_CHARACTERS = 100, 100, 200

_LINE = re.compile(r"# (title|summary|tags|chart|unit|page|milliseconds|parameter): (.+)")
_PARAMETER = re.compile(
    r"(?P<name>\w+) (?P<type>\w+)(?:\((?P<range>[^()]*)\))? (?:(?P<how>=|optional) )?"
    r"(?P<example>[^;]+?)(?:; (?P<say>.+))?"
)
_UNIT = re.compile(r"(?P<columns>(?:\?\w+ )+)= (?P<unit>\S.*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class HeaderError(ValueError):
    """A header line that can't be read; ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Parameter:
    """What a question takes.

    Args:
        name, type: how it is called and one of ``TYPES``.
        example: a value as it is written in a request; CURIEs for IRIs.
        default: the value where none is given, or ``None``.
        optional: whether it may be left out without having a default.
        classes: CURIEs of the classes of which an IRI must have one; any where there is none.
        minimum, maximum: of a number; of a text, ``maximum`` is its number of characters.
        choices: the words of a choice.
        description: a few words, such as the unit of a number.
        line: where it stands in its file.
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
    line: int = field(default=0, compare=False)

    @property
    def required(self) -> bool:
        return self.default is None and not self.optional


@dataclass(frozen=True)
class Chart:
    """How an answer is drawn: ``bar`` with the columns of label and value, ``range`` with label, low and high."""

    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """All that a question says of itself; ``units`` are by column, and a unit with ``?`` names columns."""

    title: str
    summary: str
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    units: dict[str, str] = field(default_factory=dict, hash=False)
    chart: Chart | None = None
    page: int = PAGE
    milliseconds: int = MILLISECONDS


def read(text: str) -> tuple[Header, int]:
    """The header of a file, and how many lines it takes.

    Raises:
        HeaderError: a line that is not as it should be.
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
    for name in ("title", "summary", "tags", "chart", "page", "milliseconds"):
        if len(found.get(name, [])) > 1:
            raise HeaderError(found[name][1][0], f"there is more than one '# {name}: …' line")
    units: dict[str, str] = {}
    for line in found.get("unit", []):
        units |= _unit(*line)
    header = Header(
        title=found["title"][0][1],
        summary=found["summary"][0][1],
        tags=_tags(*found["tags"][0]) if "tags" in found else (),
        parameters=tuple(_parameter(*line) for line in found.get("parameter", [])),
        units=units,
        chart=_chart(*found["chart"][0]) if "chart" in found else None,
        page=_count(*found["page"][0]) if "page" in found else PAGE,
        milliseconds=_count(*found["milliseconds"][0]) if "milliseconds" in found else MILLISECONDS,
    )
    return header, count


def _tags(line: int, text: str) -> tuple[str, ...]:
    tags = tuple(tag.strip() for tag in text.split(","))
    for tag in tags:
        if tag not in TAGS:
            raise HeaderError(line, f"there is no tag {tag!r}; tags are {', '.join(TAGS)}")
    return tags


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


def _count(line: int, text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,4}", text):
        raise HeaderError(line, f"{text!r} is not a whole number from 1 on")
    return int(text)


def _parameter(line: int, text: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    if match is None or match["type"] not in TYPES:
        message = "a parameter is 'name type(range) = default' or 'name type example'; types are "
        raise HeaderError(line, message + ", ".join(TYPES))
    name, type_name, example, limits = match["name"], match["type"], match["example"], match["range"] or ""
    low: Decimal | None = None
    high: Decimal | None = Decimal(MOST_CHARACTERS) if type_name == "text" else None
    words = tuple(word for word in limits.split("|") if word)
    if type_name in ("integer", "decimal", "text") and limits:
        low, high = _bounds(line, limits)
    if type_name == "choice" and example not in words:
        raise HeaderError(line, f"{example!r} is none of the choices of {name}")
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
