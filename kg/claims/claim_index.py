"""An index of all claims of a release, read once: a release never changes, and every page shows many claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from kg import amounts
from kg.claims import effect_direction
from kg.propositions.evidence import StudyEvidence
from kg.propositions.index import PropositionIndex, PropositionSummary
from kg.rdf.terms import Row
from kg.rdf.vocabulary import DCTERMS_IDENTIFIER, DCTERMS_SOURCE, RDF_TYPE
from kg.reader.entity import Reference
from kg.reader.reader import Reader

# How a study can bear on a claim, by local name.
DIRECTIONS = ("supporting", "disputing", "noDifference", "inconclusive")
# Properties that describe how a claim is made, not what it is about.
_MANNER = (
    *("hedge", "basis", "verdict", "standing", "hasFlaw", "contradicts", "citesStudy", "statedEvidence", "unit"),
    *("referenceUnit", "expresses", "polarity", "fit", "presupposes", "restsOn"),
)


@dataclass(frozen=True)
class FlawSummary:
    """A flaw of a claim: its types, the problem, the reason, and the claims that correct it."""

    kinds: tuple[Reference, ...]
    said: str
    why: str
    corrections: tuple[Reference, ...]


@dataclass(frozen=True)
class ClaimSummary:
    """A claim as any page shows it; ``roles`` are the entities that it names, by local name of the property.

    ``sense`` is the direction of its effect, see ``kg.claims.effect_direction``. ``rests_on`` are the propositions that
    the claim presupposes and that are not shown; ``verdict`` is deprecated. A corrected claim has no hedge, section,
    source or proposition, but ``cites`` has the studies that are its source.
    """

    claim: Reference
    identifier: str
    type: Reference
    roles: dict[str, tuple[Reference, ...]]
    sense: str
    amount: str
    hedge: Reference | None
    section: Reference | None
    source: Reference | None
    position: int
    proposition: PropositionSummary | None
    polarity: Reference | None
    fit: Reference | None
    standing: Reference | None
    verdict: Reference | None
    rests_on: tuple[Reference, ...]
    bearings: tuple[StudyEvidence, ...]
    flaws: tuple[FlawSummary, ...]
    contradicts: tuple[str, ...]
    cites: tuple[Reference, ...]
    is_corrected: bool

    def role(self, name: str) -> Reference | None:
        """Returns the entity in a role that at most one entity has, such as ``subject``."""
        return next(iter(self.roles.get(name, ())), None)

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """The roles in which the claim names an entity, by entity IRI."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for role, named in self.roles.items():
            for entity_iri in {other.iri for other in named}:
                found[entity_iri].append(role)
        return dict(found)

    @cached_property
    def sides(self) -> tuple[tuple[str, tuple[StudyEvidence, ...]], ...]:
        """The studies that decide by direction, supporting ones first and each once; empty directions are left out."""
        by_side = (
            (side, {b.study.iri: b for b in reversed(self.bearings) if b.decides and b.direction == side})
            for side in DIRECTIONS
        )
        return tuple((side, tuple(reversed(studies.values()))) for side, studies in by_side if studies)

    @property
    def set_aside(self) -> int:
        """The number of studies on the proposition that do not decide it."""
        deciding = {b.study.iri for b in self.bearings if b.decides}
        return len({b.study.iri for b in self.bearings} - deciding)

    @property
    def side(self) -> str:
        """The local name of the polarity: which side the claim takes; "" for a corrected claim."""
        return self.polarity.iri.rpartition("#")[2] if self.polarity else ""

    @property
    def about(self) -> tuple[Reference, ...]:
        """The topic of the claim: its outcome, or otherwise its object."""
        return self.roles.get("outcome") or self.roles.get("object", ())


class ClaimIndex:
    """Summaries of all claims, by claim and by the entities that claims name."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.propositions = PropositionIndex(reader)
        # By claim, the opposing claims that kg.claims.outcomes found; valid as long as the release.
        self.opposed: dict[str, tuple[ClaimSummary, ...]] = {}

    @cached_property
    def summaries(self) -> dict[str, ClaimSummary]:
        """Every claim by its IRI, in reading order, corrected claims last."""
        graphs = (self._reader.vocabulary.graph(name) for name in ("claims", "evidence"))
        rows = [row for graph in graphs for row in self._reader.run("pages/book-statements", {"graph": graph})]
        rows += self._reader.run("pages/book-standings", {})
        made = _ClaimBuilder(self._reader, self.propositions, rows).summaries()
        return {
            claim_summary.claim.iri: claim_summary
            for claim_summary in sorted(made, key=lambda c: (c.position, c.identifier, c.claim.iri))
        }

    @cached_property
    def sources(self) -> tuple[Reference, ...]:
        """All sources of claims, by name."""
        rows = self._reader.run("pages/counts-by-section", {})
        refer = self._reader.references(rows, "source")
        return tuple(refer[iri] for iri in dict.fromkeys(row["source"].value for row in rows))

    @cached_property
    def _by_entity(self) -> dict[str, list[ClaimSummary]]:
        found: defaultdict[str, dict[str, ClaimSummary]] = defaultdict(dict)
        for claim_summary in self.summaries.values():
            places = [one.iri for one in (claim_summary.section, claim_summary.source) if one]
            for entity_iri in (*claim_summary.parts, *places):
                found[entity_iri][claim_summary.claim.iri] = claim_summary
        return {entity_iri: list(claim_summaries.values()) for entity_iri, claim_summaries in found.items()}

    @cached_property
    def broader_forms(self) -> dict[str, set[str]]:
        """The substances of which each substance is a form, by IRI."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for row in self._reader.run("pages/forms-of", {}):
            found[row["form"].value].add(row["whole"].value)
        return dict(found)

    def warm(self) -> None:
        """Reads all claims now, instead of on the first request."""
        self.claims_about("")
        self.broader_forms  # noqa: B018

    @cached_property
    def _by_proposition(self) -> dict[str, list[ClaimSummary]]:
        found: defaultdict[str, list[ClaimSummary]] = defaultdict(list)
        for claim_summary in self.summaries.values():
            if claim_summary.proposition is not None:
                found[claim_summary.proposition.proposition.iri].append(claim_summary)
        return dict(found)

    def expressing(self, proposition_iri: str) -> list[ClaimSummary]:
        """Returns the claims that express a proposition, in reading order."""
        return self._by_proposition.get(proposition_iri, [])

    def claims_about(self, entity_iri: str) -> list[ClaimSummary]:
        """Returns the claims that name an entity, or that belong to a section or source."""
        return self._by_entity.get(entity_iri, [])

    def of(self, claims: Iterable[str]) -> list[ClaimSummary]:
        """Returns the summaries of some claims, without unknown ones."""
        return [self.summaries[claim] for claim in claims if claim in self.summaries]


class _ClaimBuilder:
    """Builds claim summaries from the rows of several queries."""

    def __init__(self, reader: Reader, propositions: PropositionIndex, rows: list[Row]) -> None:
        self._propositions = propositions
        self._reader, self._term, self._terms = reader, reader.vocabulary.term, reader.vocabulary.terms
        self._grouped = reader.grouped(rows, "claim")
        self._flaws = reader.run("pages/book-flaws", {})
        positions = reader.run("pages/counts-by-section", {})
        self._positions = {row["entity"].value: place for place, row in enumerate(positions)}
        self._sources = {row["entity"].value: row["source"].value for row in positions}
        named = ("claim", "property", "value", "kind", "correction", "source")
        self._refer = reader.references([*rows, *self._flaws, *positions], *named)
        self._types = reader.claim_types()

    def summaries(self) -> list[ClaimSummary]:
        flaws = self._reader.grouped(self._flaws, "claim")
        # Rows may also describe entities that are not claims, such as inferred populations of studies.
        is_claim = {iri for iri, rows in self._grouped.items() if any("effect" in r["property"].value for r in rows)}
        return [self._summary(iri, rows, flaws.get(iri, [])) for iri, rows in self._grouped.items() if iri in is_claim]

    def _summary(self, iri: str, rows: list[Row], flaws: list[Row]) -> ClaimSummary:
        values = self._values(rows)
        refer, corrected = self._refer, self._term("CorrectedClaim")
        kinds = [kind for kind in values.get(RDF_TYPE, []) if kind in self._types]
        section = next(iter(values.get(DCTERMS_SOURCE, [])), "")
        proposition = next(iter(values.get("expresses", ())), "")
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
            sense=effect_direction.of_claim(
                effect_direction.effect_direction(
                    self._propositions.senses, values["effect"][0].rpartition("#")[2], aspects
                ),
                next(iter(values.get("polarity", ())), "").rpartition("#")[2],
            ),
            amount=amounts.phrase({name: found[0] for name, found in values.items() if ":" not in name}),
            hedge=one("hedge"),
            section=refer.get(section),
            source=refer.get(self._sources.get(section, "")),
            position=self._positions.get(section, len(self._positions)),
            proposition=self._propositions.get(proposition),
            polarity=one("polarity"),
            fit=one("fit"),
            standing=one("standing"),
            verdict=one("verdict"),
            rests_on=tuple(refer[other] for other in values.get("restsOn", ())),
            bearings=_seen_from(values.get("polarity", ()), self._propositions.evidence.get(proposition, ())),
            flaws=tuple(self._flaw(group) for _, group in sorted(self._reader.grouped(flaws, "flaw").items())),
            contradicts=tuple(values.get("contradicts", ())),
            cites=tuple(refer[study] for study in values.get("citesStudy", ())),
            is_corrected=corrected in values.get(RDF_TYPE, ()),
        )

    def _values(self, rows: list[Row]) -> dict[str, list[str]]:
        """Returns the values by property: by local name for the ontology's own, by IRI for others."""
        values: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows:
            values[row["property"].value.removeprefix(self._terms)].add(row["value"].value)
        return {predicate: sorted(by_side) for predicate, by_side in values.items()}

    def _flaw(self, group: list[Row]) -> FlawSummary:
        def named(column: str) -> tuple[Reference, ...]:
            return tuple(self._refer[iri] for iri in sorted({row[column].value for row in group if column in row}))

        return FlawSummary(named("kind"), group[0]["said"].value, group[0]["why"].value, named("correction"))


_SEEN_BY_DENIAL = {"supporting": "disputing", "disputing": "supporting"}


def _seen_from(polarity: Iterable[str], bearings: tuple[StudyEvidence, ...]) -> tuple[StudyEvidence, ...]:
    """Turns the evidence on a proposition round for a claim that denies it."""
    if not any(side.endswith("#denies") for side in polarity):
        return bearings
    return tuple(replace(b, direction=_SEEN_BY_DENIAL.get(b.direction, b.direction)) for b in bearings)
