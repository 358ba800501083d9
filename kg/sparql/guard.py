"""Checks untrusted queries before they run.

The check reads tokens, not a grammar: it must over-approximate how the *engine* reads a query, extensions and SPARQL
1.2 drafts included. A second grammar would accept or split some queries differently, and each difference is a way past
the check. A token scan is also some hundred times faster than a parser in Python.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.sparql.tokens import Token, readings, unescape

MAX_DEPTH = 100
MAX_CHARACTERS = 1_000_000
# Clauses and operators follow each other in the text, but each is nested in the next when the engine evaluates them: it
# crashed at 2,500 BIND, at 2,500 resources of a DESCRIBE and at 6,500 sums.
MAX_CLAUSES = 1_000
MAX_OPERATORS = 2_000
_CLAUSES = ("AS", "EXISTS", "FILTER", "GRAPH", "LATERAL", "MINUS", "OPTIONAL", "SELECT", "SERVICE", "UNION")
_OPERATORS = frozenset("!&*+-/^|<(")
_NON_DETERMINISTIC = ("NOW", "RAND", "UUID", "BNODE", "SERVICE")
# Fast path: if none of these substrings occurs, no tokenisation of the query can contain a forbidden keyword.
_SUSPICIOUS = (*(function.lower() for function in _NON_DETERMINISTIC), "from", "\\u")


class GuardError(Exception):
    """The query is rejected; the message gives the reason and what to do."""


@dataclass(frozen=True)
class QueryTraits:
    """Properties of a query that the server needs before it runs it.

    ``is_deterministic``: no function gives another result on each call. ``has_dataset_clause``: it contains FROM.
    ``calls_service``: it contains SERVICE.
    """

    is_deterministic: bool
    has_dataset_clause: bool
    calls_service: bool = False


def check(query: str, services: tuple[str, ...] = ()) -> QueryTraits:
    """Rejects queries that are too long, nested too deeply, or call an endpoint that is not on the list.

    Without this check the engine would call any ``SERVICE`` address, this machine's own included, and it crashes on
    very deep nesting.

    Args:
        query: the query text, unchanged.
        services: addresses that ``SERVICE`` may call, as full IRIs.

    Raises:
        GuardError: the query must not run.
    """
    if len(query) > MAX_CHARACTERS:
        raise GuardError(f"The query has {len(query):,} characters; the limit is {MAX_CHARACTERS:,}.")
    if _is_plain(query):
        return QueryTraits(is_deterministic=True, has_dataset_clause=False)
    words: set[str] = set()
    has_dataset_clause = False
    # Check both: the engine resolves \u escapes in places of its own choosing.
    for text in dict.fromkeys((query, unescape(query))):
        nesting = _Nesting()
        for token in readings(text):
            if token.kind == "other":
                nesting.sign(token.text)
            elif token.kind in ("word", "name"):
                # The engine's grammar needs no space around keywords: "trueSERVICE<…>" and "SERVICEex:a" do call out.
                word = token.text.partition(":")[0].upper()
                words.add(word)
                nesting.word(word if token.kind == "word" else "")
                if token.kind == "name":
                    nesting.resource()
                has_dataset_clause |= token.kind == "word" and "FROM" in word
                if "SERVICE" in word:
                    _check_service(text, token, services)
            elif token.kind == "iri":
                nesting.resource()
    is_deterministic = not any(function in word for word in words for function in _NON_DETERMINISTIC)
    return QueryTraits(is_deterministic, has_dataset_clause, any("SERVICE" in word for word in words))


class _Nesting:
    """How deep the tokens of a query nest, counting what the engine nests although the text does not."""

    def __init__(self) -> None:
        self._depth = self._negations = self._operators = self._clauses = self._described = 0
        self._is_in_values = self._is_describing = False

    def sign(self, text: str) -> None:
        """Counts a bracket or an operator."""
        self._depth += (text in "({[") - (text in ")}]")
        if self._depth > MAX_DEPTH:
            raise GuardError(f"The query nests brackets more than {MAX_DEPTH} levels deep.")
        self._negations = self._negations + 1 if text == "!" else 0
        if self._negations > MAX_DEPTH:
            raise GuardError(f"The query nests ! more than {MAX_DEPTH} levels deep. Two of them cancel each other out.")
        if text == "}":
            self._is_in_values = False
        elif text == "{":
            self._is_describing = False
        # In VALUES, which may be long, signs belong to numbers.
        self._operators += text in _OPERATORS and not self._is_in_values
        if self._operators > MAX_OPERATORS:
            raise GuardError(
                f"The query has more than {MAX_OPERATORS:,} operators and brackets. "
                "Use VALUES or IN for long lists, or send parts."
            )

    def word(self, word: str) -> None:
        """Counts a clause."""
        self._negations = 0
        self._is_in_values |= word == "VALUES"
        self._is_describing |= word == "DESCRIBE"
        self._clauses += word in _CLAUSES
        if self._clauses > MAX_CLAUSES:
            raise GuardError(
                f"The query has more than {MAX_CLAUSES:,} clauses such as BIND, FILTER, OPTIONAL or UNION, which nest. "
                "Use VALUES for long lists, or send parts."
            )

    def resource(self) -> None:
        """Counts an IRI, which in DESCRIBE is nested as a clause is."""
        self._described += self._is_describing
        if self._described > MAX_CLAUSES:
            raise GuardError(
                f"The query describes more than {MAX_CLAUSES:,} resources by name, which nest. "
                "Write DESCRIBE ?s { VALUES ?s { … } } for long lists, or send parts."
            )


def _is_plain(query: str) -> bool:
    if not query.isascii() or query.count("(") + query.count("{") + query.count("[") > MAX_DEPTH:
        return False
    # Shorter queries cannot reach the other limits.
    if len(query) > MAX_OPERATORS or query.count("!") > MAX_DEPTH:
        return False
    lowered = query.lower()
    # This runs for every query, and a generator expression would take twice as long.
    for sign in _SUSPICIOUS:  # noqa: SIM110
        if sign in lowered:
            return False
    return True


def _check_service(text: str, service: Token, services: tuple[str, ...]) -> None:
    if not services:
        raise GuardError(
            "SERVICE is not allowed: this endpoint calls no other endpoint. Query the other endpoint directly, let its "
            "engine call this one, or allow it on a server of your own with --service-allowlist. (Rename any prefix "
            "whose name contains 'service'.)"
        )
    following = [token for token, _ in zip(readings(text[service.start :]), range(3), strict=False)]
    if len(following) > 1 and following[1].text.upper() == "SILENT":
        following.pop(1)
    address = following[1] if len(following) > 1 else None
    # One spelling only: a variable, a prefixed name or a relative IRI could resolve to any address.
    if service.text.upper() != "SERVICE" or address is None or address.text not in {f"<{iri}>" for iri in services}:
        raise GuardError(f"SERVICE may call only these endpoints, written as full IRIs in < >: {', '.join(services)}.")
