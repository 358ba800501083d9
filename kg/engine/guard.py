"""What a stranger's query must not contain."""

from __future__ import annotations

from kg.engine.tokens import tokenize, unescape

MAX_DEPTH = 100
MAX_CHARACTERS = 1_000_000


class Refused(Exception):
    """The query is not run; the message says why and what to do."""


def check(query: str) -> None:
    """Refuses queries that are too long, nested too deeply, or that call another endpoint.

    The engine calls any ``SERVICE`` address, this machine's own included, and its parser crashes on very deep nesting.

    Raises:
        Refused: with the reason.
    """
    if len(query) > MAX_CHARACTERS:
        raise Refused(f"The query has {len(query):,} characters; at most {MAX_CHARACTERS:,} are read.")
    depth = 0
    # Both readings are checked: the engine resolves \u escapes in places of its own choosing.
    for text in {query, unescape(query)}:
        for token in tokenize(text):
            # The engine's grammar needs no space around keywords: "trueSERVICE<…>" and "SERVICEex:a" do call out.
            keyword_part = token.text.partition(":")[0] if token.kind == "name" else token.text
            if token.kind in ("word", "name") and "SERVICE" in keyword_part.upper():
                raise Refused(
                    "SERVICE is not allowed here: this endpoint calls no other one. Query that endpoint yourself. "
                    "(A prefix whose name contains 'service' must be renamed.)"
                )
            if token.kind == "other":
                if token.text in "({[":
                    depth += 1
                    if depth > MAX_DEPTH:
                        raise Refused(f"The query nests brackets more than {MAX_DEPTH} deep.")
                elif token.text in ")}]":
                    depth -= 1
        depth = 0


def names_its_dataset(query: str) -> bool:
    """Whether the query has FROM or FROM NAMED."""
    return any(token.kind == "word" and token.text.upper() == "FROM" for token in tokenize(query))
