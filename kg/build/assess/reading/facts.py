"""What an assessment rests on: propositions, lines with studies and results, claims, the ladder; all by local name."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.build.assess.reading.bias import RiskOfBias
from kg.build.assess.reading.hierarchy import Hierarchy
from kg.build.assess.reading.terms import Certainty, Direction, Finding

MICROGRAMS = {"MicroGM": 1.0, "MilliGM": 1000.0, "GM": 1_000_000.0}
"""How many micrograms each unit of mass is, by the local name of QUDT."""

DoseRange = tuple[float | None, float | None]
"""The lowest and highest dose in µg per day; ``None`` where that end is open."""


@dataclass(frozen=True)
class Amount:
    """An amount as printed: its ends, unit and reference; ``None`` where nothing is said."""

    low: float | None
    high: float | None
    unit: str
    reference: float | None
    reference_unit: str


@dataclass(frozen=True)
class Proposition:
    """A proposition; ``type`` is the local name of its class."""

    name: str
    label: str
    type: str
    subject: str
    predicate: str
    object: str
    populations: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    aspects: frozenset[str] = frozenset()
    doses: tuple[DoseRange, ...] = ()
    qualifiers: frozenset[tuple[str, str]] = frozenset()
    level: str = ""
    extent: str = ""
    portion: float | None = None
    amount: Amount | None = None


@dataclass(frozen=True)
class Study:
    """A study, as far as it matters for what it can decide."""

    name: str
    label: str
    design: str
    strand: str = ""
    is_pooled: bool = False
    substances: frozenset[str] = frozenset()
    populations: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    doses: tuple[DoseRange, ...] = ()
    participants: int = 0
    is_under_notice: bool = False
    pools: frozenset[str] = frozenset()
    same_trial: frozenset[str] = frozenset()
    risk_of_bias: RiskOfBias | None = None

    @property
    def trial(self) -> str:
        """One name for all publications of a trial."""
        return min({self.name, *self.same_trial})


@dataclass(frozen=True)
class Result:
    """One result of a study."""

    name: str
    finding: Finding | None
    outcomes: frozenset[str]
    exposures: frozenset[str] = frozenset()
    together: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    doses: tuple[DoseRange, ...] = ()
    amount: Amount | None = None
    has_interval: bool = False
    is_against_other: bool = False
    is_secondary: bool = False


@dataclass(frozen=True)
class Line:
    """An evidence line: one result, and the proposition on which it bears."""

    name: str
    proposition: str
    study: Study
    result: Result
    judged: Direction | None = None


@dataclass(frozen=True)
class Claim:
    """A claim, as far as its standing depends on it."""

    name: str
    proposition: str
    polarity: str
    hedge: str
    is_causal: bool
    is_emphatic: bool
    presupposes: frozenset[str]


@dataclass(frozen=True)
class Rung:
    """A place on the ladder: tier 1 decides first."""

    tier: int
    start: Certainty


@dataclass
class Facts:
    """Everything that an assessment reads, by name."""

    propositions: dict[str, Proposition] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    # By type of proposition, whether it is about models, and study design.
    ladder: dict[tuple[str, bool, str], Rung] = field(default_factory=dict)
    searched: set[str] = field(default_factory=set)
    # Of studies whose risk of bias a cited assessment judges.
    risks_of_bias: dict[str, RiskOfBias] = field(default_factory=dict)
    levels: dict[str, tuple[float, float | None]] = field(default_factory=dict)
    hierarchy: Hierarchy = field(default_factory=Hierarchy)


@dataclass(frozen=True)
class Content:
    """The content of one row in one food, in µg per 100 g; ``high`` is ``None`` where only a floor is known.

    A row of one menaquinone is a floor of vitamin K2: it can show that a level is reached, never that it is missed.
    ``low`` is ``None`` where the value lies below a detection limit, which is then ``high``. ``is_passed_on`` marks
    what a table calculated, borrowed or repeats: it decides nothing, but can contradict a row. ``table`` is the table
    of the row, or the study that measured. ``lender`` names the tables among which the row's own borrows and lends; it
    is "" where its table analysed the food, or a study did.
    """

    food: str
    row: str
    analyte: str
    low: float | None
    high: float | None
    is_nearest: bool = False
    is_passed_on: bool = False
    table: str = ""
    lender: str = ""
