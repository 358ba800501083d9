"""What a stranger's query must not contain."""

from __future__ import annotations

from dataclasses import dataclass

from kg.sparql.tokens import Token, readings, unescape

MAX_DEPTH = 100
MAX_CHARACTERS = 1_000_000
_NON_DETERMINISTIC = ("NOW", "RAND", "UUID", "BNODE", "SERVICE")
# Where none of this stands, there is nothing to look for: no word can hold it, however the query is read.
_SUSPICIOUS = (*(function.lower() for function in _NON_DETERMINISTIC), "from", "\\u")


class GuardError(Exception):
    """The query is not run; the message says why and what to do."""


@dataclass(frozen=True)
class QueryTraits:
    """What the server needs to know of a query before it runs.

    ``repeatable``: it calls nothing that gives something else each time. ``names_its_dataset``: it has FROM.
    ``calls_out``: it has SERVICE.
    """

    is_deterministic: bool
    has_dataset_clause: bool
    calls_service: bool = False


def check(query: str, services: tuple[str, ...] = ()) -> QueryTraits:
    """Refuses queries that are too long, nested too deeply, or that call an endpoint that is not on the list.

    The engine calls any ``SERVICE`` address, this machine's own included, and its parser crashes on very deep nesting.

    Args:
        query: the text as it came.
        services: addresses that ``SERVICE`` may name, each in full.

    Raises:
        Refused: with the reason.
    """
    if len(query) > MAX_CHARACTERS:
        raise GuardError(f"The query has {len(query):,} characters; at most {MAX_CHARACTERS:,} are read.")
    if _is_plain(query):
        return QueryTraits(is_deterministic=True, has_dataset_clause=False)
    words: set[str] = set()
    names_its_dataset = False
    # Both are read: the engine resolves \u escapes in places of its own choosing.
    for text in dict.fromkeys((query, unescape(query))):
        depth = 0
        for token in readings(text):
            if token.kind == "other":
                depth += (token.text in "({[") - (token.text in ")}]")
                if depth > MAX_DEPTH:
                    raise GuardError(f"The query nests brackets more than {MAX_DEPTH} deep.")
            elif token.kind in ("word", "name"):
                # The engine's grammar needs no space around keywords: "trueSERVICE<…>" and "SERVICEex:a" do call out.
                word = token.text.partition(":")[0].upper()
                words.add(word)
                names_its_dataset |= token.kind == "word" and "FROM" in word
                if "SERVICE" in word:
                    _check_service(text, token, services)
    repeatable = not any(function in word for word in words for function in _NON_DETERMINISTIC)
    return QueryTraits(repeatable, names_its_dataset, any("SERVICE" in word for word in words))


def _is_plain(query: str) -> bool:
    if not query.isascii() or query.count("(") + query.count("{") + query.count("[") > MAX_DEPTH:
        return False
    lowered = query.lower()
    # Every query comes by here, and a generator would take twice as long.
    for sign in _SUSPICIOUS:  # noqa: SIM110
        if sign in lowered:
            return False
    return True


def _check_service(text: str, service: Token, services: tuple[str, ...]) -> None:
    if not services:
        raise GuardError(
            "SERVICE is not allowed here: this endpoint calls no other one. Query that endpoint yourself. "
            "(A prefix whose name contains 'service' must be renamed.)"
        )
    following = [token for token, _ in zip(readings(text[service.start :]), range(3), strict=False)]
    if len(following) > 1 and following[1].text.upper() == "SILENT":
        following.pop(1)
    address = following[1] if len(following) > 1 else None
    # One spelling only: a variable, a prefixed name or a relative IRI could come to mean any address.
    if service.text.upper() != "SERVICE" or address is None or address.text not in {f"<{iri}>" for iri in services}:
        raise GuardError(f"SERVICE may only name one of these, as a full IRI in < >: {', '.join(services)}.")
