"""Composition propositions, decided by measured contents against stated levels and amounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.build.assess.reading.facts import MICROGRAMS, Amount, Content, Facts, Line, Proposition
from kg.build.assess.reading.terms import Assessed, Certainty, Direction, Finding

# A stated amount without a range is met within a quarter of it.
_TOLERANCE = 0.25
# Where both sides have rows, the smaller side counts as disagreement from this share on.
_DISAGREEMENT = 0.2
# Tables that differ by more than this factor on one food lower the certainty by one step.
_DISCORDANT = 10.0
_SOME = "someOfThem"
_OPPOSITE = {Assessed.FOR: Direction.DISPUTING, Assessed.AGAINST: Direction.SUPPORTING}


@dataclass(frozen=True)
class Decision:
    """What rows decide on a proposition: how many speak for it, against it, and for neither."""

    direction: Assessed
    certainty: Certainty | None
    rows_for: int
    rows_against: int
    rows_open: int
    rows_contradicting: int = 0


def decide(facts: Facts, proposition: Proposition, contents: Iterable[Content]) -> Decision | None:
    """Decides a composition proposition by rows; returns ``None`` if no row is usable.

    Rows of foods that match exactly, or are types of the food, decide; nearest rows only if there are no others, with
    low certainty. So does a single row of one type of the food, which says little of the others. However many rows one
    table has, it does not refute what others carry: where amounts that they pass on contradict it, and are no small
    minority, the evidence is mixed.
    """
    about = [content for content in contents if _is_about(facts, proposition, content)]
    usable = [content for content in about if not content.is_passed_on]
    exact = [content for content in usable if not content.is_nearest]
    rows = _by_row(exact or usable)
    if not rows:
        return None
    judged = _judge_rows(facts, proposition, rows)
    sides = list(judged.values())
    rows_for, against = sides.count(Direction.SUPPORTING), sides.count(Direction.DISPUTING)
    undecided = len(sides) - rows_for - against
    direction = _side(proposition, rows_for, against, undecided)
    deciding = [content for row, side in judged.items() if side for content in rows[row]]
    contradicting = 0
    is_shown_by_one = proposition.extent == _SOME and direction is Assessed.FOR
    if direction in _OPPOSITE and not is_shown_by_one and len(tables := {content.table for content in deciding}) == 1:
        passed_on = [content for content in about if content.is_passed_on and not content.is_nearest]
        of_others = _by_row(content for content in passed_on if content.table not in tables)
        said = list(_judge_rows(facts, proposition, of_others).values())
        contradicting = said.count(_OPPOSITE[direction])
    if contradicting and contradicting / (contradicting + rows_for + against) >= _DISAGREEMENT:
        direction = Assessed.MIXED
    is_one_type = len(rows) == 1 and all(content.food != proposition.subject for content in usable)
    is_narrow = is_one_type and proposition.extent != _SOME
    certainty = _certainty(proposition, direction, _independent(deciding), is_nearest=not exact or is_narrow)
    if certainty and certainty > Certainty.LOW and _are_discordant(proposition, exact):
        certainty = Certainty(certainty - 1)
    return Decision(direction, certainty, rows_for, against, undecided, contradicting)


def of_result(facts: Facts, proposition: Proposition, line: Line) -> Direction | None:
    """Returns the direction of a line from what its result names and its amount; ``None`` if neither decides.

    A result on another food, on another substance or on which of two foods has more settles nothing.
    """
    hierarchy, outcomes = facts.hierarchy, line.result.outcomes
    for named, wanted in (
        (outcomes & hierarchy.foods, proposition.subject),
        (outcomes & hierarchy.substances, proposition.object),
    ):
        if named and not any(hierarchy.is_within(name, wanted) for name in named):
            return Direction.INCONCLUSIVE
    if line.result.finding in (Finding.MORE, Finding.LESS):
        return Direction.INCONCLUSIVE
    found = None
    if (amount := _micrograms(line.result.amount)) is not None:
        low, high = amount
        is_total = proposition.object in line.result.outcomes
        found = _judge(facts, proposition, low if low is not None else 0.0, high if is_total else None)
    # One food that has none, or less, does not refute that some of them do.
    is_one_of_some = proposition.extent == _SOME and (
        found is Direction.DISPUTING or line.result.finding is Finding.ABSENT
    )
    # That there is some does not show how much.
    is_about_amount = proposition.level not in ("", "anyLevel") or proposition.amount is not None
    is_open = found is None and is_about_amount and line.result.finding is Finding.PRESENT
    return Direction.INCONCLUSIVE if is_one_of_some or is_open else found


def _by_row(contents: Iterable[Content]) -> dict[str, list[Content]]:
    rows: defaultdict[str, list[Content]] = defaultdict(list)
    for content in contents:
        rows[content.row].append(content)
    return rows


def _judge_rows(facts: Facts, proposition: Proposition, rows: dict[str, list[Content]]) -> dict[str, Direction | None]:
    return {row: _judge(facts, proposition, *_range(facts, proposition, found)) for row, found in rows.items()}


def _is_about(facts: Facts, proposition: Proposition, content: Content) -> bool:
    hierarchy = facts.hierarchy
    # A food that lies only near the subject says nothing of types of it.
    is_food = content.food == proposition.subject or (
        not content.is_nearest and hierarchy.is_within(content.food, proposition.subject)
    )
    return is_food and hierarchy.is_within(content.analyte, proposition.object)


def _range(facts: Facts, proposition: Proposition, contents: list[Content]) -> tuple[float, float | None]:
    """Returns the lowest and highest content of one row; the highest is ``None`` if the total is not given.

    The lowest is the sum of those analytes that are not part of another one that was measured.
    """
    lows: defaultdict[str, float] = defaultdict(float)
    for content in contents:
        lows[content.analyte] = max(lows[content.analyte], content.low or 0.0)
    parts = lows.keys() - {proposition.object}
    floors = [lows[part] for part in sorted(parts) if parts.isdisjoint(facts.hierarchy.within(part) - {part})]
    highs = [content.high for content in contents if content.analyte == proposition.object and content.high is not None]
    low = max(lows.get(proposition.object, 0.0), sum(floors))
    return low, max(*highs, low) if highs else None


def _judge(facts: Facts, proposition: Proposition, low: float, high: float | None) -> Direction | None:
    """Returns the side of one content in µg per 100 g; ``None`` if it leaves the matter open."""
    stated = _stated(proposition)
    if stated is not None:
        return _judge_amount(stated, low, high)
    if proposition.level == "anyLevel":
        if low > 0:
            return Direction.SUPPORTING
        # Not detected with a limit below a trace is as good as none.
        _, trace = facts.levels["traceLevel"]
        return Direction.DISPUTING if high is not None and trace is not None and high < trace else None
    if proposition.level not in facts.levels:
        return None
    scale = 100 / proposition.portion if proposition.portion else 1.0
    least, below = facts.levels[proposition.level]
    least, below = least * scale, below * scale if below is not None else None
    if proposition.level == "traceLevel":
        least = 0.0
        if high is not None and 0 < high < (below or 0):
            return Direction.SUPPORTING
        return Direction.DISPUTING if below is not None and low >= below else None
    if low >= least and (below is None or (high is not None and high < below)):
        return Direction.SUPPORTING
    is_above = below is not None and low >= below
    return Direction.DISPUTING if is_above or (high is not None and high < least) else None


def _judge_amount(stated: tuple[float | None, float | None], low: float, high: float | None) -> Direction | None:
    least, most = stated
    if least is not None and least == most:
        least, most = least * (1 - _TOLERANCE), least * (1 + _TOLERANCE)
    is_over = most is not None and low > most
    if high is None:
        return Direction.DISPUTING if is_over else None
    is_under = least is not None and high < least
    return Direction.DISPUTING if is_over or is_under else Direction.SUPPORTING


def _stated(proposition: Proposition) -> tuple[float | None, float | None] | None:
    """Returns the amount that a proposition states, in µg per 100 g; ``None`` if it states none."""
    amount, portion = proposition.amount, proposition.portion
    if amount is not None and amount.reference is None and portion:
        amount = replace(amount, reference=portion, reference_unit="GM")
    return _micrograms(amount)


def _micrograms(amount: Amount | None) -> tuple[float | None, float | None] | None:
    """Returns an amount in µg per 100 g; ``None`` if it is not one."""
    factor = MICROGRAMS.get(amount.unit) if amount is not None else None
    if amount is None or factor is None or amount.reference_unit != "GM" or not amount.reference:
        return None
    if amount.low is None and amount.high is None:
        return None
    scale = 100 * factor / amount.reference
    return (
        amount.low * scale if amount.low is not None else None,
        amount.high * scale if amount.high is not None else None,
    )


def _independent(contents: Iterable[Content]) -> int:
    """Returns the number of rows that are certainly independent of each other.

    Of tables that borrow from each other, rows that none of them analysed count only for the table with the most: two
    of them may pass on one measurement.
    """
    own: set[str] = set()
    passed_on: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for content in contents:
        if content.lender:
            passed_on[content.lender][content.table].add(content.row)
        else:
            own.add(content.row)
    return len(own) + sum(max(map(len, tables.values())) for tables in passed_on.values())


def _side(proposition: Proposition, rows_for: int, against: int, undecided: int) -> Assessed:
    if not rows_for and not against:
        return Assessed.UNCLEAR
    if proposition.extent == _SOME and rows_for:
        return Assessed.FOR
    if proposition.extent == _SOME and undecided:
        return Assessed.UNCLEAR
    if rows_for and against and min(rows_for, against) / (rows_for + against) >= _DISAGREEMENT:
        return Assessed.MIXED
    return Assessed.FOR if rows_for > against else Assessed.AGAINST


def _certainty(proposition: Proposition, direction: Assessed, deciding: int, *, is_nearest: bool) -> Certainty | None:
    if direction is Assessed.UNCLEAR:
        return None
    is_one_of_some = proposition.extent == _SOME and direction is Assessed.AGAINST
    if direction is Assessed.MIXED or is_nearest or is_one_of_some:
        return Certainty.LOW
    return Certainty.HIGH if deciding > 1 or proposition.level == "anyLevel" else Certainty.MODERATE


def _are_discordant(proposition: Proposition, contents: Iterable[Content]) -> bool:
    by_food: defaultdict[str, list[float]] = defaultdict(list)
    for content in contents:
        if content.analyte == proposition.object and content.low:
            by_food[content.food].append(content.low)
    return any(max(values) > _DISCORDANT * min(values) for values in by_food.values())
