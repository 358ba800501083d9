"""Cards on propositions: the one that a question asks about, and those on the interaction of a drug."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.answers import food_cards
from kg.answers.cards import Assessed, AssessmentCard, InteractionCard
from kg.answers.question import CUES, Question
from kg.index.question_words import stems
from kg.index.search import Mention
from kg.propositions.index import PropositionIndex, PropositionSummary
from kg.reader.entity import Reference
from kg.reader.reader import Reader

# A proposition that agrees with less of the question is not its answer.
_MIN_SCORE = 3.0
# What it costs that another form is the subject, or that the proposition is about a lack of the form.
_OTHER_FORM, _LACK = 3.0, 4.0
# What it is worth that a proposition names all of several forms; with fewer things in common it is no answer.
_ALL_FORMS, _MIN_COMMON = 3.0, 2
# What a word of a proposition costs of which the question says nothing.
_UNSAID = 0.15
_RELATED = 3
_SHOWN = 6
_CERTAINTY = {"high": 0, "moderate": 1, "low": 2, "very low": 3}
# Roles that narrow a proposition; one that the question does not name makes it another proposition.
_NARROWING = {"population": 1.0, "regimen": 1.5, "model": 3.0, "comparator": 1.0, "outcome": 0.3, "extent": 0.3}
# The people who take vitamin K antagonists, or some of whom do.
_ON_ANTAGONISTS = ("anticoagulant-users", "people-on-vitamin-k-antagonists")
_STEADY_INTAKE = "keep-vitamin-k-intake-constant"
_DEFICIENT = "deficientIntake"
# Local names of predicates, by the words that ask for them.
_PREDICATES = {
    "good": ("improves", "protects", "treats", "decreasesRiskOf", "decreases"),
    "less": ("decreases", "decreasesRiskOf", "isAssociatedWithLowerRiskOf"),
    "more": ("increases", "increasesRiskOf", "causes"),
    "treat": ("treats",),
    "conversion": ("isMetabolisedTo",),
}
_CUE_STEMS = frozenset().union(*(stems(" ".join(words)) for words in CUES.values()))
_TYPES = ("EffectProposition", "AssociationProposition", "SafetyProposition", "KineticsProposition",
          "InteractionProposition", "IntakeProposition", "AdviceProposition", "MechanismProposition",
          "IdentityProposition", "ProductionProposition", "BackgroundProposition")  # fmt: skip
_DECIDED = ("for", "against", "mixed")
_OBSERVED = "AssociationProposition"


@dataclass(frozen=True)
class _Entry:
    """A proposition as it is compared with questions; ``around`` are the groups to which its populations belong."""

    summary: PropositionSummary
    type: str
    words: frozenset[str]
    entities: frozenset[str]
    subject: str
    predicate: str
    is_lack: bool
    burden: tuple[tuple[float, frozenset[str]], ...]
    around: frozenset[str]


class PropositionFinder:
    """Finds the proposition that a question asks about.

    Args:
        reader: the release.
        propositions: its propositions.
        populations_above: the more general populations of each population, by IRI.
    """

    def __init__(
        self, reader: Reader, propositions: PropositionIndex, populations_above: Mapping[str, Sequence[str]]
    ) -> None:
        self._reader = reader
        self._propositions = propositions
        self._above: dict[str, set[str]] = {}
        for row in reader.run("pages/drugs-above", {}):
            self._above.setdefault(row["drug"].value, set()).add(row["above"].value)
        self._iri = reader.vocabulary.entity_iri
        self._names = {
            iri: re.compile(rf"(?<!such as )\b{re.escape(reference.label)}\b", re.IGNORECASE)
            for iri, reference in reader.references([], extra=self._above).items()
        }
        self._forms = reader.forms_of_vitamin_k
        drugs = reader.types_below(reader.vocabulary.term("Drug")) | reader.types_below(
            reader.vocabulary.term("DrugGroup")
        )
        self._drugs = {iri for _, iri in reader.names_of_members(frozenset(drugs))}
        self._within = lru_cache(maxsize=None)(self._forms_within)
        self._entries = [
            _entry(summary, populations_above)
            for summary in propositions.summaries.values()
            if summary.type.iri.rpartition("#")[2] in _TYPES
        ]

    def assessment_card(self, question: Question, types: Collection[str] = _TYPES) -> AssessmentCard | None:
        """Returns the assessment of the proposition that agrees best with a question, if one agrees enough.

        ``types`` are local names of classes of propositions.
        """
        forms = {mention.iri for mention in question.forms} or {
            mention.iri for mention in question.of(question.kinds.combinations)
        }
        of_forms = [self._within(form) for form in forms]
        drugs = {mention.iri for mention in question.of(question.kinds.drugs)}
        drugs |= {above for drug in drugs for above in self._above.get(drug, ())}
        named = [(mention.iri, stems(mention.text)) for mention in question.mentions if mention.iri not in forms]
        words = stems(" ".join(question.free_words - CUES["meet"] - CUES["intake"]))
        said = words.union(*(stems(mention.text) for mention in question.mentions))
        scored = []
        for entry in self._entries:
            if entry.type not in types or not (not forms or forms & entry.entities or _names(entry, question.forms)):
                continue
            # What is known of one drug is no answer on another, and what it does none where no drug is named.
            others = entry.entities & self._drugs if drugs else {entry.subject} & self._drugs
            if others and not drugs & others:
                continue
            has_all_forms = all(some & entry.entities for some in of_forms) or _names(entry, question.forms)
            score = _score(entry, question, named, words, len(of_forms) if has_all_forms else 0)
            if forms and entry.subject in question.kinds.forms and entry.subject not in forms:
                score -= _OTHER_FORM
            if score >= _MIN_SCORE:
                # A short question leaves much unsaid: that decides between propositions, not whether one agrees.
                score -= _UNSAID * len(entry.words - said)
                scored.append(
                    (-score, entry.type == _OBSERVED, len(entry.words), entry.summary.proposition.label, entry)
                )
        if not scored:
            return None
        best, *further = [entry for *_, entry in sorted(scored, key=lambda row: row[:4])]
        related = tuple(self._assessed(entry.summary) for entry in further[:_RELATED])
        return AssessmentCard((best.summary.proposition,), self._assessed(best.summary), related)

    def _forms_within(self, form: str) -> frozenset[str]:
        """A form of vitamin K with the forms that belong to it."""
        return food_cards.forms_within(self._reader, Reference(form, ""))

    def interaction_card(self, drug: Reference, description: str, foods: Sequence[Reference]) -> InteractionCard | None:
        """Returns how a drug meets vitamin K, or ``None`` if it is not an anticoagulant and nothing is known of it.

        What is known of vitamin K antagonists holds for each of them, and is shown for anticoagulants in general; for
        other anticoagulants only what names them is shown.
        """
        antagonists = self._iri("vitamin-k-antagonist")
        anticoagulant = self._iri("anticoagulant")
        above = self._above.get(drug.iri, set())
        is_antagonist = antagonists in {drug.iri, *above}
        entities = {drug.iri, *(above - {anticoagulant, self._iri("medication")})}
        if is_antagonist or drug.iri == anticoagulant:
            entities |= {antagonists, *(self._iri(name) for name in _ON_ANTAGONISTS)}
        found = [
            summary
            for summary in self._propositions.summaries.values()
            if entities & _entities(summary) and not self._is_on_another(drug.iri, summary)
        ]
        on_vitamin = [one for one in found if self._names_vitamin_k(one)]
        meets = [self._assessed(one) for one in found if _is(one, "InteractionProposition")]
        meets += [self._assessed(one) for one in on_vitamin if _is(one, "BackgroundProposition")]
        # Advice that nobody has checked, or that the evidence is against, must not read as if it were given here.
        advice = [self._assessed(one) for one in on_vitamin if _is(one, "AdviceProposition") and one.side == "for"]
        if not (meets or advice or anticoagulant in {drug.iri, *above}):
            return None
        own = {one.proposition.iri for one in found if drug.iri in _entities(one)}
        return InteractionCard(
            about=(drug,),
            description=description,
            is_antagonist=is_antagonist,
            advice=tuple(sorted(advice, key=lambda one: (not self._is_on_diet(one), _by_certainty(one)))[:_SHOWN]),
            assessed=tuple(
                sorted(meets, key=lambda one: (one.summary.proposition.iri not in own, _by_certainty(one)))[:_SHOWN]
            ),
            foods=tuple(foods),
        )

    def _is_on_another(self, drug: str, summary: PropositionSummary) -> bool:
        """Returns whether a proposition on people on antagonists is one on those who take another drug than this.

        Their group is all that its roles name; its words say which drug, unless they give it as an example.
        """
        antagonists, own = self._iri("vitamin-k-antagonist"), {drug, *self._above.get(drug, ())}
        if drug in _entities(summary):
            return False
        others = [
            iri for iri, above in self._above.items() if antagonists in above and iri not in own and drug not in above
        ]
        return any(self._names[iri].search(summary.proposition.label) for iri in others)

    def _names_vitamin_k(self, summary: PropositionSummary) -> bool:
        """Returns whether a proposition is about vitamin K, and not only about drugs that act against it."""
        label = summary.proposition.label.casefold().replace("vitamin k antagonist", "")
        return "vitamin k" in label or bool(self._forms & _entities(summary))

    def _is_on_diet(self, one: Assessed) -> bool:
        """Returns whether advice says how much vitamin K to take in, which concerns everybody who takes the drug."""
        return self._iri(_STEADY_INTAKE) in _entities(one.summary)

    def _assessed(self, summary: PropositionSummary) -> Assessed:
        evidence = self._propositions.evidence.get(summary.proposition.iri, ())
        return Assessed(summary, len({one.study.iri for one in evidence if one.decides}))


def _entry(summary: PropositionSummary, populations_above: Mapping[str, Sequence[str]]) -> _Entry:
    subject, predicate = summary.role("subject"), summary.role("predicate")
    return _Entry(
        summary=summary,
        type=summary.type.iri.rpartition("#")[2],
        words=stems(summary.proposition.label),
        entities=frozenset(_entities(summary)),
        subject=subject.iri if subject else "",
        predicate=predicate.iri.rpartition("#")[2] if predicate else "",
        is_lack=any(one.iri.endswith("#" + _DEFICIENT) for one in summary.roles.get("subjectAspect", ())),
        burden=tuple(
            (weight, _with_groups((one.iri for one in summary.roles[role]), populations_above))
            for role, weight in _NARROWING.items()
            if role in summary.roles and not (role == "regimen" and _is(summary, "IntakeProposition"))
        ),
        around=frozenset(above for iri in _entities(summary) for above in populations_above.get(iri, ())),
    )


def _score(
    entry: _Entry,
    question: Question,
    named: Iterable[tuple[str, frozenset[str]]],
    words: frozenset[str],
    common_forms: int,
) -> float:
    """Returns how well a proposition agrees with a question, as a sum of weights.

    Args:
        entry: the proposition.
        question: the question.
        named: what the question names beside forms of vitamin K, each with the stems of its name.
        words: stems of the other words of the question.
        common_forms: how many forms the question names, if the proposition is about all of them; 0 otherwise.
    """
    score, agreed = _ALL_FORMS if common_forms > 1 else 0.0, 0
    entities: set[str] = set()
    for iri, its_words in named:
        entities.add(iri)
        if iri in entry.entities or iri in entry.around:
            score, agreed = score + 4, agreed + 1
        elif its_words <= entry.words:
            score, agreed = score + 2.5, agreed + 1
        else:
            score -= 2
    common = words & entry.words
    score += 1.5 * len(common)
    is_on_safety = entry.type == "SafetyProposition" and question.has("danger")
    is_on_intake = entry.type == "IntakeProposition" and question.has("intake")
    has_wanted_predicate = any(question.has(cue) and entry.predicate in names for cue, names in _PREDICATES.items())
    in_common = agreed + len(common - _CUE_STEMS) + common_forms + has_wanted_predicate
    if in_common < _MIN_COMMON and not (is_on_safety or is_on_intake):
        return 0.0
    score += 1.0 if has_wanted_predicate else 0.0
    # Whether something is safe, or how much of it to take, needs no further word.
    score += (1.0 if entities else _MIN_SCORE + 1.5) if is_on_safety or is_on_intake else 0.0
    # What is asked of an outcome is an effect.
    score += 0.5 if entry.type in ("EffectProposition", _OBSERVED) else 0.0
    score += 0.3 if entry.summary.side in _DECIDED else 0.0
    score -= _LACK if entry.is_lack and not question.has("lack") else 0.0
    score -= sum(weight for weight, iris in entry.burden if not iris & entities)
    return score


def _names(entry: _Entry, forms: Iterable[Mention]) -> bool:
    """Whether a proposition names a form in its words, though it is about something of it, such as its requirement."""
    return any(stems(one.text) <= entry.words for one in forms)


def _with_groups(iris: Iterable[str], populations_above: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Some entities with the groups to which they belong: who asks about babies asks about newborns too."""
    return frozenset(one for iri in iris for one in (iri, *populations_above.get(iri, ())))


def _entities(summary: PropositionSummary) -> set[str]:
    return {reference.iri for references in summary.roles.values() for reference in references}


def _is(summary: PropositionSummary, *types: str) -> bool:
    return summary.type.iri.rpartition("#")[2] in types


def _by_certainty(one: Assessed) -> tuple[int, int, str]:
    certainty = _CERTAINTY.get(one.summary.certainty.label, 4) if one.summary.certainty else 5
    return certainty, -one.studies, one.summary.proposition.label
