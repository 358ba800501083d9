"""An index of all propositions of a release with their assessments, read once: a release never changes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from kg.propositions import evidence
from kg.propositions.evidence import StudyEvidence
from kg.rdf.natural_order import natural_key
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

# The order in which assessed directions are listed, by local name.
DIRECTIONS = ("for", "against", "mixed", "unclear", "noneFound", "notSearched", "tooVague")
_GOOD = {"moreIsBetter": 1, "moreIsWorse": -1}
_SENSES = {"senseMore": 1, "senseLess": -1, "senseBetter": 0, "senseWorse": 0}
_LACKING = "deficientIntake"


@dataclass(frozen=True)
class PropositionSummary:
    """A proposition with its assessment.

    Attributes:
        proposition: its IRI and wording.
        type: its class.
        direction: the assessed direction.
        certainty: the computed certainty; ``None`` where the direction takes no side.
        basis: what the assessment was computed from.
        roles: the entities and terms that it names, by local name of the property.
        benefit: 1 if people are better off where it holds, -1 if they are worse off, 0 if neither; of what a lack
            does, whether enough of the substance is good for them.
    """

    proposition: Reference
    type: Reference
    direction: Reference
    certainty: Reference | None
    basis: Reference
    roles: dict[str, tuple[Reference, ...]]
    benefit: int

    def role(self, name: str) -> Reference | None:
        """Returns the first entity in a role."""
        return next(iter(self.roles.get(name, ())), None)

    @property
    def side(self) -> str:
        """The local name of the assessed direction."""
        return self.direction.iri.rpartition("#")[2]

    @property
    def words(self) -> str:
        """The assessment in words, such as ``for, moderate certainty``."""
        return f"{self.direction.label}, {self.certainty.label} certainty" if self.certainty else self.direction.label


class PropositionIndex:
    """All propositions, by IRI and by the entities that they name."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    @cached_property
    def summaries(self) -> dict[str, PropositionSummary]:
        """Every proposition by its IRI, in order of type and wording."""
        reader = self._reader
        rows = reader.run("pages/propositions", {})
        role_rows = reader.run("pages/proposition-roles", {})
        refer = reader.references(
            [*rows, *role_rows], "proposition", "type", "direction", "certainty", "basis", "value"
        )
        roles = reader.grouped(role_rows, "proposition")
        made = (self._summary(row, roles.get(row["proposition"].value, []), refer) for row in rows)
        ordered = sorted(made, key=lambda one: (one.type.label, natural_key(one.proposition.label)))
        return {one.proposition.iri: one for one in ordered}

    @cached_property
    def _by_entity(self) -> dict[str, list[PropositionSummary]]:
        found: defaultdict[str, dict[str, PropositionSummary]] = defaultdict(dict)
        for summary in self.summaries.values():
            for named in summary.roles.values():
                for reference in named:
                    found[reference.iri][summary.proposition.iri] = summary
        return {iri: list(summaries.values()) for iri, summaries in found.items()}

    @cached_property
    def evidence(self) -> dict[str, tuple[StudyEvidence, ...]]:
        """The evidence on each proposition that has any, by its IRI; what decides first."""
        types = {iri: (one.type.iri, "model" in one.roles) for iri, one in self.summaries.items()}
        return evidence.of_all(self._reader, types)

    @cached_property
    def senses(self) -> dict[str, str]:
        """The sense of each predicate that has one, both by local name."""
        rows = self._reader.run("pages/effect-senses", {})
        return {row["effect"].value.rpartition("#")[2]: row["sense"].value.rpartition("#")[2] for row in rows}

    @cached_property
    def desirability(self) -> dict[str, int]:
        """For each outcome 1 if people are better off with more of it, -1 if they are worse off, by IRI."""
        rows = self._reader.run("pages/desirabilities", {})
        return {row["outcome"].value: _GOOD.get(row["desirability"].value.rpartition("#")[2], 0) for row in rows}

    def about(self, entity_iri: str) -> list[PropositionSummary]:
        """Returns the propositions that name an entity."""
        return self._by_entity.get(entity_iri, [])

    def get(self, iri: str) -> PropositionSummary | None:
        """Returns the summary of a proposition, if it is one."""
        return self.summaries.get(iri)

    def _summary(self, row: Row, role_rows: list[Row], refer: dict[str, Reference]) -> PropositionSummary:
        terms = self._reader.vocabulary.terms
        roles: defaultdict[str, list[Reference]] = defaultdict(list)
        for one in role_rows:
            roles[one["property"].value.removeprefix(terms)].append(refer[one["value"].value])
        found = {name: tuple(sorted(named, key=lambda each: natural_key(each.label))) for name, named in roles.items()}
        return PropositionSummary(
            proposition=refer[row["proposition"].value],
            type=refer[row["type"].value],
            direction=refer[row["direction"].value],
            certainty=refer[row["certainty"].value] if "certainty" in row else None,
            basis=refer[row["basis"].value],
            roles=found,
            benefit=self._benefit(found),
        )

    def _benefit(self, roles: dict[str, tuple[Reference, ...]]) -> int:
        def local(name: str) -> str:
            return roles[name][0].iri.rpartition("#")[2]

        sense = self.senses.get(local("predicate"), "")
        lacks = any(aspect.iri.endswith("#" + _LACKING) for aspect in roles.get("subjectAspect", ()))
        if sense in ("senseBetter", "senseWorse"):
            benefit = 1 if sense == "senseBetter" else -1
        else:
            benefit = _SENSES.get(sense, 0) * self.desirability.get(roles["object"][0].iri, 0)
        return -benefit if lacks else benefit
