"""The pages ``/contradictions`` (a source against itself or against studies) and ``/flaws`` (with corrections)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Response, make_response, render_template, request

from kg.catalogue.catalogue import Query
from kg.rdf.formats import HTML, Format
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader
from server.api import row_lists
from server.core import conditional
from server.core.state import app_state
from server.http.negotiation import negotiate
from server.http.problems import Problem
from server.linked_data import hydra, listings
from server.linked_data.listings import Listing
from server.linked_data.resources import unknown
from server.pages.entity.page_types.propositions import line_of
from server.pages.faceted_list import local_name


@dataclass(frozen=True)
class ContradictionPair:
    """Two claims of one source that contradict each other, each with the label of its section."""

    one: Reference
    one_section: str
    other: Reference
    other_section: str


@dataclass(frozen=True)
class FlawReport:
    """A flaw with the claims that have it.

    Attributes:
        flaw: what is wrong.
        why: why it is wrong.
        kinds: labels of its types.
        claims: the claims that have it.
        corrections: the corrected claims, each with its studies.
        first_named: IRIs of the claims that no earlier flaw on the page names.
    """

    flaw: Reference
    why: str
    kinds: tuple[str, ...]
    claims: tuple[Reference, ...]
    corrections: tuple[tuple[Reference, tuple[Reference, ...]], ...]
    first_named: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FlawKind:
    """A type of flaw.

    Attributes:
        name: its local name.
        label: its label.
        meaning: its definition.
        claims: number of claims with such a flaw.
    """

    name: str
    label: str
    meaning: str
    claims: int


def contradictions() -> Response:
    """Renders all contradictions, or with ``?claim=`` the evidence against one claim.

    Raises:
        Problem: 404 for an unknown claim.
    """
    chosen = negotiate(listings.FORMATS)
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    if name := request.args.get("claim", "").strip():
        return _against(name, chosen)
    if chosen.name != HTML.name:
        return row_lists.respond("contradictions", {}, chosen)
    reader = app_state().reader
    pairs = [
        ContradictionPair(
            _reference(row, "claim", "statement"),
            row["section"].value,
            _reference(row, "otherClaim", "otherStatement"),
            row["otherSection"].value,
        )
        for row in reader.run("contradictions", {})
    ]
    index = app_state().claim_index
    mixed = [
        line_of(index, summary)
        for summary in index.propositions.summaries.values()
        if summary.side == "mixed" and not summary.basis.iri.endswith("#tableRows")
    ]
    named = [pair.one.iri for pair in pairs] + [pair.other.iri for pair in pairs]
    page = render_template(
        "contradictions.html",
        groups=_by_first(pairs),
        pairs=len(pairs),
        mixed=mixed,
        standings=reader.listing.values_of("standing", named),
        queries=[reader.catalogue["contradictions"]],
    )
    return listings.as_page(make_response(page))


def flaws() -> Response:
    """Renders all flaws with their corrections, or with ``?type=`` those of one type.

    Raises:
        Problem: 400 for an unknown type of flaw.
    """
    fmt = negotiate(listings.FORMATS)
    if fresh := conditional.not_modified(fmt.content_type):
        return fresh
    reader = app_state().reader
    kinds = [
        FlawKind(local_name(row["kind"].value), row["kindName"].value, row["meaning"].value, int(row["claims"].value))
        for row in reader.run("kinds-of-flaw", {})
    ]
    chosen = _chosen(kinds)
    rows = reader.run("flaws-and-corrections", {})
    reports = [_flaw_report(flaw_rows) for flaw_rows in reader.grouped(rows, "flaw").values()]
    shown = _with_first_named([report for report in reports if chosen is None or chosen.label in report.kinds])
    if fmt.name != HTML.name:
        return listings.respond(_as_listing(reader, shown), {}, fmt)
    page = render_template(
        "flaws.html",
        reports=shown,
        claims=len({claim.iri for report in shown for claim in report.claims}),
        kinds=kinds,
        chosen=chosen,
        standings=reader.listing.values_of("standing", sorted({row["claim"].value for row in rows})),
        sections=reader.listing.values_of("section", sorted({row["claim"].value for row in rows})),
        queries=_queries("flaws-and-corrections", "kinds-of-flaw"),
    )
    return listings.as_page(make_response(page))


def _as_listing(reader: Reader, reports: list[FlawReport]) -> Listing:
    """The flaws in RDF, with the claims that have them and what corrects these."""
    has, corrected = reader.vocabulary.term("hasFlaw"), reader.vocabulary.term("correctedBy")
    triples = [hydra.link(claim.iri, has, one.flaw.iri) for one in reports for claim in one.claims]
    triples += [hydra.link(one.flaw.iri, corrected, other.iri) for one in reports for other, _ in one.corrections]
    flawed = [one.flaw.iri for one in reports]
    named = {claim.iri for one in reports for claim in one.claims}
    named |= {other.iri for one in reports for other, _ in one.corrections}
    about = listings.about(reader, sorted(named.union(flawed)))
    return Listing(flawed, [*triples, *about], len(flawed), "Flaws of claims")


def _against(name: str, chosen: Format) -> Response:
    """The evidence against one claim."""
    reader = app_state().reader
    iri = reader.vocabulary.entity_iri(name)
    standings = reader.listing.values_of("standing", [iri])
    if not standings:
        raise unknown(name, app_state())
    if chosen.name != HTML.name:
        return row_lists.respond("pages/against-a-claim", {"claim": iri}, chosen)
    query = reader.catalogue["pages/against-a-claim"]
    found: dict[str, list[tuple[Reference, Reference | None, str]]] = {
        "statement": [],
        "study": [],
        "noDifference": [],
        "flaw": [],
    }
    for row in reader.run("pages/against-a-claim", {"claim": iri}):
        place = _reference(row, "place", "placeName") if "place" in row else None
        design = row["design"].value if "design" in row else ""
        found[row["sort"].value].append((_reference(row, "against", "says"), place, design))
    page = render_template(
        "counter_evidence.html",
        claim=reader.references([], extra=[iri])[iri],
        standings=standings[iri],
        proposition=summary.proposition if (summary := app_state().claim_index.summaries.get(iri)) else None,
        found=found,
        query=replace(query, filled=query.fill({"claim": iri})),
    )
    return listings.as_page(make_response(page))


def _queries(*names: str) -> list[Query]:
    """Queries of the catalogue, filled with their example values."""
    catalogue = app_state().reader.catalogue
    return [replace(catalogue[name], filled=catalogue.example(catalogue[name])) for name in names]


def _chosen(kinds: list[FlawKind]) -> FlawKind | None:
    name = request.args.get("type", "").strip()
    if not name:
        return None
    for kind in kinds:
        if kind.name == name:
            return kind
    known = ", ".join(kind.name for kind in kinds)
    raise Problem(400, "Unknown type of flaw", f"{name[:60]!r} is not a type of flaw. Types: {known}.")


def _by_first(pairs: list[ContradictionPair]) -> list[tuple[ContradictionPair, list[ContradictionPair]]]:
    """The pairs grouped by their first claim."""
    groups: dict[str, list[ContradictionPair]] = {}
    for pair in pairs:
        groups.setdefault(pair.one.iri, []).append(pair)
    return [(group[0], group) for group in groups.values()]


def _flaw_report(rows: list[Row]) -> FlawReport:
    corrections: dict[str, tuple[Reference, dict[str, Reference]]] = {}
    for row in rows:
        if "correction" in row:
            correction = _reference(row, "correction", "correctedStatement")
            _, studies = corrections.setdefault(correction.iri, (correction, {}))
            if "studyName" in row:
                studies[row["study"].value] = _reference(row, "study", "studyName")
    claims = {row["claim"].value: _reference(row, "claim", "statement") for row in rows}
    return FlawReport(
        flaw=_reference(rows[0], "flaw", "flawText"),
        why=rows[0]["why"].value,
        kinds=tuple(sorted({row["kindName"].value for row in rows})),
        claims=tuple(claims.values()),
        corrections=tuple((correction, tuple(studies.values())) for correction, studies in corrections.values()),
    )


def _with_first_named(reports: list[FlawReport]) -> list[FlawReport]:
    seen: set[str] = set()
    completed = []
    for report in reports:
        named = {claim.iri for claim in report.claims}
        completed.append(replace(report, first_named=frozenset(named - seen)))
        seen |= named
    return completed


def _reference(row: Row, iri: str, label: str) -> Reference:
    return Reference(row[iri].value, row[label].value)
