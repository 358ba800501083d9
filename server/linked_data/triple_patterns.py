"""Reads triple patterns from URLs: IRIs, CURIEs and literals, as clients of Triple Pattern Fragments write them."""

from __future__ import annotations

import re

from flask import request
from pyoxigraph import Literal, NamedNode

from kg.fragments.fragments import PROPERTY, SUBJECT, VALUE
from kg.rdf.iri import is_iri
from kg.rdf.terms import Term
from kg.rdf.vocabulary import Vocabulary
from server.http.problems import Problem

# Parameters of the URL, with what they are called in the pattern.
PARAMETERS = {"subject": SUBJECT, "predicate": PROPERTY, "object": VALUE}
_OTHERS = ("page", "format", "release")
_MAX_LENGTH = 4000
_LITERAL = re.compile(r'"(?P<text>.*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<?(?P<datatype>[^<>"]+)>?)?', re.DOTALL)


def requested(vocabulary: Vocabulary) -> dict[str, Term]:
    """Returns the terms that the request gives; a variable such as ``?s``, or nothing, stands for any term.

    Raises:
        Problem: 400 with every invalid field.
    """
    errors, found = [], {}
    for name, values in request.args.lists():
        if name not in PARAMETERS and name not in _OTHERS:
            known = ", ".join((*PARAMETERS, *_OTHERS))
            errors.append((name[:60], f"Unknown parameter {name[:60]!r}. Parameters: {known}."))
        elif len(values) > 1:
            errors.append((name, f"{name} occurs {len(values)} times. Give it once."))
    for name, place in PARAMETERS.items():
        text = request.args.get(name, "").strip()
        if not text or text.startswith("?"):
            continue
        term = _term(text, vocabulary)
        if term is None or (isinstance(term, Literal) and place != VALUE):
            kinds = "an IRI" if place != VALUE else 'an IRI or a literal such as "natto"@en'
            errors.append((name, f"{name} must be {kinds}, not {text[:60]!r}."))
        else:
            found[place] = term
    if errors:
        members = [{"field": field, "detail": detail} for field, detail in errors]
        raise Problem(400, "Invalid parameters", " ".join(detail for _, detail in errors), errors=members)
    return found


def written(term: Term) -> str:
    """Returns a term as a URL parameter has it."""
    return str(term) if isinstance(term, Literal) else term.value


def _term(text: str, vocabulary: Vocabulary) -> Term | None:
    if len(text) > _MAX_LENGTH:
        return None
    if text.startswith('"'):
        return _literal(text)
    prefix, colon, _ = text.partition(":")
    inner = text[1:-1] if text[0] == "<" and text[-1] == ">" else text
    if colon and prefix in vocabulary.prefixes:
        inner = vocabulary.expand(text)
    return NamedNode(inner) if is_iri(inner) else None


def _literal(text: str) -> Literal | None:
    found = _LITERAL.fullmatch(text)
    if found is None:
        return None
    try:
        if found["language"]:
            return Literal(found["text"], language=found["language"])
        return (
            Literal(found["text"], datatype=NamedNode(found["datatype"]))
            if found["datatype"]
            else Literal(found["text"])
        )
    except ValueError:
        return None
