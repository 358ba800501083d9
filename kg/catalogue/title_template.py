"""Titles of queries: a question with places for the values that are asked for.

``Which studies examined {substance|a substance}?`` becomes "Which studies examined menaquinone-7?" with a value of the
parameter ``substance``, and "Which studies examined a substance?" without one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{(\w+)\|([^{}|]+)\}")


def parameters(template: str) -> list[str]:
    """Returns the names of the parameters for which a template has a place.

    Raises:
        ValueError: there is a brace that belongs to no place.
    """
    if re.search(r"[{}]", _PLACE.sub("", template)):
        raise ValueError("a place for a value is '{parameter|words without a value}'")
    return [match[1] for match in _PLACE.finditer(template)]


def fill(template: str, words: Mapping[str, str]) -> str:
    """Returns the title with values in words; a place without one gets the words of the template."""
    return _PLACE.sub(lambda match: quoted(words[match[1]]) if match[1] in words else match[2], template)


def quoted(label: str) -> str:
    """Returns a label as it can stand inside a sentence: one that is a sentence itself is quoted."""
    return f"“{label[:-1]}”" if label.endswith(".") else label
