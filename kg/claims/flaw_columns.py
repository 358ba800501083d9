"""The flaws of the claims in a table: a column of text beside each column of claims, in every format of the table."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Literal

from kg.catalogue.catalogue import Query
from kg.claims.claim_index import ClaimIndex, FlawSummary
from kg.rdf.terms import Row


def names(query: Query) -> tuple[str, ...]:
    """Returns the names of the columns of flaws of a query, such as ``claimFlaws``."""
    return tuple(f"{column}Flaws" for column in query.claim_columns)


def filled(query: Query, rows: Sequence[Row], claim_index: ClaimIndex) -> list[Row]:
    """Returns rows with the flaws of each claim; a column is unbound where the claim has none."""
    return [{**row, **_of_row(query, row, claim_index)} for row in rows] if query.claim_columns else list(rows)


def in_words(flaw: FlawSummary) -> str:
    """Returns what is wrong with a claim in one line: type of the flaw, and the problem."""
    return f"{', '.join(kind.label for kind in flaw.kinds)}: {flaw.said}"


def _of_row(query: Query, row: Row, claim_index: ClaimIndex) -> Row:
    found: Row = {}
    for column, name in zip(query.claim_columns, names(query), strict=True):
        claim = claim_index.summaries.get(row[column].value) if column in row else None
        if claim is not None and claim.flaws:
            found[name] = Literal(" ".join(map(in_words, claim.flaws)), language="en")
    return found
