"""Formats amounts with units."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

MICROGRAM = "http://qudt.org/vocab/unit/MicroGM"
MILLIGRAM = "http://qudt.org/vocab/unit/MilliGM"
GRAM = "http://qudt.org/vocab/unit/GM"
MICROGRAMS_OF = {MICROGRAM: 1, MILLIGRAM: 1_000, GRAM: 1_000_000}
UNIT_SYMBOLS = {
    MICROGRAM: "µg",
    MILLIGRAM: "mg",
    GRAM: "g",
    "http://qudt.org/vocab/unit/MilliM": "mm",
    "http://qudt.org/vocab/unit/IU": "IU",
    "http://qudt.org/vocab/unit/KiloCAL": "kcal",
    "http://qudt.org/vocab/unit/KiloJ": "kJ",
    "http://qudt.org/vocab/unit/HR": "h",
    "http://qudt.org/vocab/unit/PERCENT": "%",
    "http://qudt.org/vocab/unit/TBSP": "tablespoon",
    "http://qudt.org/vocab/unit/NUM": "",
    "http://qudt.org/vocab/unit/CUP_US": "cup",
    "http://qudt.org/vocab/unit/PicoMOL-PER-L": "pmol/l",
    "http://qudt.org/vocab/unit/MilliMOL-PER-L": "mmol/l",
    "http://qudt.org/vocab/unit/NanoGM-PER-MilliL": "ng/ml",
    "http://qudt.org/vocab/unit/MilliGM-PER-DeciL": "mg/dl",
    "http://qudt.org/vocab/unit/GM-PER-CentiM2": "g/cm²",
    "http://qudt.org/vocab/unit/MilliGM-PER-CentiM2": "mg/cm²",
    "http://qudt.org/vocab/unit/MilliM3": "mm³",
    "http://qudt.org/vocab/unit/M-PER-SEC": "m/s",
}

# Amounts that a source gives in words, by the local name of the property that says so.
WITHOUT_NUMBER = {
    "isTrace": "traces",
    "isBelowDetection": "below detection",
    "isBelowQuantification": "below quantification",
}


def number(text: str) -> str:
    """Formats a decimal without trailing zeros and with thousands separators: ``15000.0`` → ``15,000``."""
    return f"{Decimal(text).normalize():,f}"


def exact(value: Fraction, places: str = "0.000001") -> Decimal:
    """Converts to a decimal without trailing zeros, rounded once, half up, by default to six decimal places."""
    with localcontext() as context:
        context.prec = 40
        rounded = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(places), ROUND_HALF_UP)
        return Decimal(f"{rounded.normalize():f}")


def in_micrograms(fields: Mapping[str, str]) -> str:
    """Formats as ``phrase``, in µg, with printed milligrams in parentheses.

    >>> in_micrograms({"minimumAmount": "45", "maximumAmount": "45", "unit": MILLIGRAM, "perDays": "1"})
    '45,000 µg per day (45 mg per day)'
    """
    if fields.get("unit") != MILLIGRAM:
        return phrase(fields)
    sizes = {name: str(Decimal(fields[name]) * 1000) for name in ("minimumAmount", "maximumAmount") if name in fields}
    return f"{phrase({**fields, **sizes, 'unit': MICROGRAM})} ({phrase(fields)})"


def phrase(fields: Mapping[str, str]) -> str:
    """Formats an amount; returns "" if there is none.

    Args:
        fields: values by the local names of the ontology's amount properties (``minimumAmount``, ``maximumAmount``,
            ``unit`` as a QUDT IRI, ``referenceAmount``, ``referenceUnit``, ``perDays``, and the boolean markers);
            missing ones are left out.

    >>> phrase({"minimumAmount": "50.0", "maximumAmount": "90.0", "unit": "http://qudt.org/vocab/unit/MicroGM"})
    '50–90 µg'
    """
    low, high = fields.get("minimumAmount"), fields.get("maximumAmount")
    if low is None and high is None:
        return next((words for mark, words in WITHOUT_NUMBER.items() if fields.get(mark) == "true"), "")
    if low is None:
        amount = f"{'less than' if fields.get('isBelowDetection') == 'true' else 'up to'} {number(high or '')}"
    elif high is None:
        amount = f"{'more than' if fields.get('isMinimumExclusive') == 'true' else 'at least'} {number(low)}"
    elif Decimal(low) == Decimal(high):
        amount = number(low)
    else:
        amount = f"{number(low)}–{number(high)}"
    if fields.get("isApproximate") == "true":
        amount = f"about {amount}"
    words = [amount, UNIT_SYMBOLS.get(fields.get("unit", ""), "")]
    if reference := fields.get("referenceAmount"):
        words += ["per", number(reference), UNIT_SYMBOLS.get(fields.get("referenceUnit", ""), "")]
    if days := fields.get("perDays"):
        words.append("per day" if Decimal(days) == 1 else f"per {number(days)} days")
    if fields.get("isSingleDose") == "true":
        words.append("once")
    if fields.get("isDivided") == "true":
        words.append("in several servings")
    return " ".join(word for word in words if word)


def problem_of(fields: Mapping[str, str]) -> str:
    """Returns why an amount cannot be true, whatever is measured, or "".

    Args:
        fields: values by the local names of the ontology's amount properties, as for ``phrase``; numbers are decimals.
    """
    low, high, reference = fields.get("minimumAmount"), fields.get("maximumAmount"), fields.get("referenceAmount")
    if low is not None and high is not None and Decimal(low) > Decimal(high):
        return f"the minimum {low} is above the maximum {high}"
    if reference is not None and Decimal(reference) <= 0:
        return f"the reference amount {reference} is not above zero"
    return problem_of_share(fields)


def problem_of_share(fields: Mapping[str, str]) -> str:
    """Returns that an amount is more than the amount of food that contains it, or ""; fields as for ``problem_of``."""
    unit, of = MICROGRAMS_OF.get(fields.get("unit", "")), MICROGRAMS_OF.get(fields.get("referenceUnit", ""))
    amounts = [Decimal(fields[name]) for name in ("minimumAmount", "maximumAmount") if name in fields]
    reference = Decimal(fields.get("referenceAmount", "0"))
    if not amounts or reference <= 0 or not unit or not of or max(amounts) * unit <= reference * of:
        return ""
    return f"{phrase(fields)} is more than the food itself weighs; are both units right?"
