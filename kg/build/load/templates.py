"""IRI templates of mappings: text with the names of columns in braces."""

from __future__ import annotations

import re

_COLUMN = re.compile(r"\{([^{}]*)\}")


def columns_of(template: str) -> list[str]:
    """Returns the columns named in braces in a template."""
    return _COLUMN.findall(template)


def literals_of(template: str) -> list[str]:
    """Returns what stands before, between and behind the columns of a template."""
    return _COLUMN.split(template)[::2]
