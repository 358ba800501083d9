"""All claims of a release as cards, read once: a release never changes, and every page looks at many claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from kg import amounts
from kg.claims import effect_direction
from kg.rdf.terms import Row
from kg.rdf.vocabulary import DCTERMS_IDENTIFIER, DCTERMS_SOURCE, RDF_TYPE
from kg.reader.entity import Reference
from kg.reader.reader import Reader

# What a study can say of a claim, by local name.
DIRECTIONS = ("supporting", "disputing", "inconclusive")
# Roles that tell how a claim is put, not what it is about.
_MANNER = (
    *("hedge", "basis", "verdict", "hasFlaw", "contradicts", "citesStudy", "statedEvidence", "unit", "referenceUnit"),
)


@dataclass(frozen=True)
class StudyEvidence:
    """One study on one claim: ``direction`` and ``directness`` are local names; rank 1 is the strongest design."""

    study: Reference
    design: Reference
    rank: int | None
    direction: str
    is_direct: bool


@dataclass(frozen=True)
class FlawSummary:
    """What is doubtful about a claim, why, and the claims that say it right."""

    kinds: tuple[Reference, ...]
    said: str
    why: str
    corrections: tuple[Reference, ...]


@dataclass(frozen=True)
class ClaimSummary:
    """What any page shows of one claim; ``roles`` are the things that it names, by local name of the property.

    ``sense`` is the direction of its effect, see ``kg.claims.effect_direction``; a corrected claim has no
        hedge and no section, but
    ``cites`` the studies that are its source.
    """

    claim: Reference
    identifier: str
    type: Reference
    roles: dict[str, tuple[Reference, ...]]
    sense: str
    amount: str
    hedge: Reference | None
    section: Reference | None
    position: int
    verdict: Reference | None
    bearings: tuple[StudyEvidence, ...]
    flaws: tuple[FlawSummary, ...]
    contradicts: tuple[str, ...]
    cites: tuple[Reference, ...]
    is_corrected: bool

    def role(self, name: str) -> Reference | None:
        """The thing in a role that at most one thing plays, such as ``subject``."""
        return next(iter(self.roles.get(name, ())), None)

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """The roles in which the claim names a thing, by its IRI."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for role, named in self.roles.items():
            for entity_iri in {other.iri for other in named}:
                found[entity_iri].append(role)
        return dict(found)

    @cached_property
    def sides(self) -> tuple[tuple[str, tuple[StudyEvidence, ...]], ...]:
        """The studies by their direction, those for the claim first; a direction that no study has is left out."""
        by_side = ((side, tuple(b for b in self.bearings if b.direction == side)) for side in DIRECTIONS)
        return tuple((side, bearings) for side, bearings in by_side if bearings)

    @property
    def about(self) -> tuple[Reference, ...]:
        """What the claim says something on: its outcome, or else its object."""
        return self.roles.get("outcome") or self.roles.get("object", ())


class ClaimIndex:
    """Cards by claim, and by the things that claims name."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        # By claim, what kg.claims.outcomes found to disagree with it: the same for as long as the release.
        self.opposed: dict[str, tuple[ClaimSummary, ...]] = {}

    @cached_property
    def summaries(self) -> dict[str, ClaimSummary]:
        """Every claim by its IRI, in reading order, corrected claims last."""
        graphs = (self._reader.vocabulary.graph(name) for name in ("claims", "evidence"))
        rows = [row for graph in graphs for row in self._reader.run("pages/book-statements", {"graph": graph})]
        rows += self._reader.run("pages/book-verdicts", {})
        made = _ClaimBuilder(self._reader, rows).summaries()
        return {
            claim_summary.claim.iri: claim_summary
            for claim_summary in sorted(made, key=lambda c: (c.position, c.identifier, c.claim.iri))
        }

    @cached_property
    def _by_entity(self) -> dict[str, list[ClaimSummary]]:
        found: defaultdict[str, dict[str, ClaimSummary]] = defaultdict(dict)
        for claim_summary in self.summaries.values():
            for entity_iri in (*claim_summary.parts, *([claim_summary.section.iri] if claim_summary.section else [])):
                found[entity_iri][claim_summary.claim.iri] = claim_summary
        return {entity_iri: list(claim_summaries.values()) for entity_iri, claim_summaries in found.items()}

    @cached_property
    def broader_forms(self) -> dict[str, set[str]]:
        """The substances of which each substance is a form."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for row in self._reader.run("pages/forms-of", {}):
            found[row["form"].value].add(row["whole"].value)
        return dict(found)

    def warm(self) -> None:
        """Reads all claims now, not when the first page asks."""
        self.claims_about("")
        self.broader_forms  # noqa: B018

    def claims_about(self, entity_iri: str) -> list[ClaimSummary]:
        """The claims in which a thing takes part, or that stand in a section."""
        return self._by_entity.get(entity_iri, [])

    def of(self, claims: Iterable[str]) -> list[ClaimSummary]:
        """The cards of some claims."""
        return [self.summaries[claim] for claim in claims if claim in self.summaries]


class _ClaimBuilder:
    def __init__(self, reader: Reader, rows: list[Row]) -> None:
        self._reader, self._term, self._terms = reader, reader.vocabulary.term, reader.vocabulary.terms
        self._grouped = reader.grouped(rows, "claim")
        self._lines = reader.run("pages/book-lines", {})
        self._designs = {row["study"].value: row for row in reader.run("pages/book-designs", {})}
        self._flaws = reader.run("pages/book-flaws", {})
        positions = reader.run("pages/counts-by-section", {})
        self._positions = {row["entity"].value: place for place, row in enumerate(positions)}
        self._refer = reader.references(
            [*rows, *self._lines, *self._designs.values(), *self._flaws],
            *("claim", "property", "value", "study", "design", "kind", "correction"),
        )
        self._types = reader.claim_types()

    def summaries(self) -> list[ClaimSummary]:
        bearings = self._bearings()
        flaws = self._reader.grouped(self._flaws, "claim")
        # What was inferred of things that are no claims of these graphs, such as populations of studies.
        is_claim = {iri for iri, rows in self._grouped.items() if any("effect" in r["property"].value for r in rows)}
        return [
            self._summary(iri, rows, bearings.get(iri, []), flaws.get(iri, []))
            for iri, rows in self._grouped.items()
            if iri in is_claim
        ]

    def _summary(self, iri: str, rows: list[Row], bearings: list[StudyEvidence], flaws: list[Row]) -> ClaimSummary:
        values = self._values(rows)
        refer, corrected = self._refer, self._term("CorrectedClaim")
        kinds = [kind for kind in values.get(RDF_TYPE, []) if kind in self._types]
        section = next(iter(values.get(DCTERMS_SOURCE, [])), "")
        aspects = {aspect.rpartition("#")[2] for aspect in values.get("subjectAspect", [])}
        roles = {
            role: tuple(refer[value] for value in named)
            for role, named in values.items()
            if ":" not in role and role not in _MANNER and all(value in refer for value in named)
        }

        def one(role: str) -> Reference | None:
            return refer[values[role][0]] if role in values else None

        return ClaimSummary(
            claim=refer[iri],
            identifier=next(iter(values.get(DCTERMS_IDENTIFIER, [])), ""),
            type=refer[next((kind for kind in kinds if kind != corrected), corrected)],
            roles=roles,
            sense=effect_direction.effect_direction(values["effect"][0].rpartition("#")[2], aspects),
            amount=amounts.phrase({name: found[0] for name, found in values.items() if ":" not in name}),
            hedge=one("hedge"),
            section=refer.get(section),
            position=self._positions.get(section, len(self._positions)),
            verdict=one("verdict"),
            bearings=tuple(bearings),
            flaws=tuple(self._flaw(group) for _, group in sorted(self._reader.grouped(flaws, "flaw").items())),
            contradicts=tuple(values.get("contradicts", ())),
            cites=tuple(refer[study] for study in values.get("citesStudy", ())),
            is_corrected=corrected in values.get(RDF_TYPE, ()),
        )

    def _values(self, rows: list[Row]) -> dict[str, list[str]]:
        """The values by property: by local name for the ontology's own, by IRI for others."""
        values: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows:
            values[row["property"].value.removeprefix(self._terms)].add(row["value"].value)
        return {predicate: sorted(by_side) for predicate, by_side in values.items()}

    def _bearings(self) -> dict[str, list[StudyEvidence]]:
        found: defaultdict[str, list[StudyEvidence]] = defaultdict(list)
        for group in self._reader.grouped(self._lines, "line").values():
            row = group[0]
            study, design = row["study"].value, self._designs[row["study"].value]
            found[row["claim"].value].append(
                StudyEvidence(
                    study=self._refer[study],
                    design=self._refer[design["design"].value],
                    rank=int(design["rank"].value) if "rank" in design else None,
                    direction=row["direction"].value.rpartition("#")[2],
                    is_direct={r["directness"].value for r in group} == {self._term("direct")},
                )
            )
        for bearings in found.values():
            bearings.sort(key=lambda b: (not b.is_direct, b.rank or 9, b.study.label))
        return dict(found)

    def _flaw(self, group: list[Row]) -> FlawSummary:
        def named(column: str) -> tuple[Reference, ...]:
            return tuple(self._refer[iri] for iri in sorted({row[column].value for row in group if column in row}))

        return FlawSummary(named("kind"), group[0]["said"].value, group[0]["why"].value, named("correction"))
