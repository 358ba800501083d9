"""Answers of the reconciliation service. It never decides for its user: only equal names are called a match."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, make_response, render_template, request

from kg.index.search import Hit
from kg.rdf.vocabulary import SKOS_ALT_LABEL
from kg.reader.query_parameters import FieldError, InvalidParametersError
from kg.reconciliation.identifiers import entity_id, entity_iri, term_id
from kg.reconciliation.matching import Candidate
from kg.reconciliation.properties import Property, PropertyValue
from server.api import arguments
from server.core import conditional
from server.core.state import AppState, app_state
from server.http.headers import FRAMED_POLICY
from server.http.problems import Problem
from server.reconciliation.limits import MAX_CHARACTERS, MAX_CURSOR, MAX_PROPERTIES, SUGGESTIONS
from server.reconciliation.manifest import manifest
from server.reconciliation.requests import BatchReader, Extension, TooManyError

_SHOWN_NAMES = 6


def service() -> Response:
    """Returns the manifest, or the answer to ``queries`` or ``extend``, by GET or as a form.

    Raises:
        Problem: 400 with every fault, 413 for a batch that asks for too much.
    """
    _check("queries", "extend")
    given = {name: request.values[name] for name in ("queries", "extend") if name in request.values}
    if len(given) > 1 or (request.method == "POST" and not given):
        raise arguments.problem([FieldError("queries", "Send either queries or extend, each as JSON.")])
    if fresh := conditional.not_modified():
        return fresh
    current = app_state()
    reader = BatchReader(current.reader.vocabulary, current.matching)
    try:
        if "queries" in given:
            batch = reader.queries(given["queries"])
            return _answer(
                {
                    key: {"result": [_candidate(current, one) for one in current.matching.candidates(query)]}
                    for key, query in batch.items()
                }
            )
        return _answer(_extended(current, reader.extension(given["extend"])) if given else manifest(current))
    except InvalidParametersError as invalid:
        raise arguments.problem(invalid.errors) from invalid
    except TooManyError as error:
        raise Problem(413, "Batch too large", str(error)) from error


def suggest_entity() -> Response:
    """Returns the entities whose names start with ``prefix``."""
    prefix, cursor = _suggestion()
    if fresh := conditional.not_modified():
        return fresh
    current = app_state()
    vocabulary, search = current.reader.vocabulary, current.reader.search
    iri = entity_iri(vocabulary, prefix) if ":" in prefix else ""
    row_id = search.similar.row_of(iri) if iri else None
    hits = search.hits([(row_id, "")]) if row_id else search.suggest(prefix, cursor + SUGGESTIONS)[cursor:]
    result = []
    for hit in hits:
        notable = [{"id": term_id(vocabulary, hit.type), "name": hit.type_label}]
        result.append({**_named(entity_id(vocabulary, hit.iri), hit.label, hit.description), "notable": notable})
    return _answer({"result": result})


def suggest_type() -> Response:
    """Returns the types whose names start with ``prefix``, then those that contain it."""
    prefix, cursor = _suggestion()
    if fresh := conditional.not_modified():
        return fresh
    types = app_state().matching.types
    result = []
    for one in types.suggested(prefix)[cursor : cursor + SUGGESTIONS]:
        broader = [{"id": above, "name": types.by_id[above].name} for above in one.broader]
        result.append({**_named(one.id, one.name, one.description), "broader": broader})
    return _answer({"result": result})


def suggest_property() -> Response:
    """Returns the properties whose names start with ``prefix``, then those that contain it."""
    prefix, cursor = _suggestion()
    if fresh := conditional.not_modified():
        return fresh
    found = app_state().matching.properties.suggested(prefix)[cursor : cursor + SUGGESTIONS]
    return _answer({"result": [_property(one) for one in found]})


def properties() -> Response:
    """Returns the properties that entities of a ``type`` have, those of most entities first."""
    _check("type", "limit")
    limit = _number("limit", MAX_PROPERTIES, 1, 1000)
    if fresh := conditional.not_modified():
        return fresh
    current = app_state()
    name = request.args.get("type", "")
    iri = next((iri for iri, one in current.matching.types.all.items() if one.id == name), None)
    if iri is None:
        raise arguments.problem([FieldError("type", f"There is no type {name[:60]!r}.")])
    found = current.matching.properties.of_class(iri)[:limit]
    return _answer({"properties": [_property(one) for one in found], "type": name, "limit": limit})


def preview() -> Response:
    """Returns a small page on an entity, for a frame of the client."""
    _check("id")
    if fresh := conditional.not_modified():
        return _framed(fresh)
    current = app_state()
    iri = entity_iri(current.reader.vocabulary, request.args.get("id", ""))
    row_id = current.reader.search.similar.row_of(iri) if iri else None
    if row_id is None:
        raise Problem(404, "Entity not found", "id is the identifier of a candidate, such as natto.")
    (hit,) = current.reader.search.hits([(row_id, "")])
    names = [term.value for term in current.reader.values(iri, SKOS_ALT_LABEL)][:_SHOWN_NAMES]
    page = render_template("reconciliation_preview.html", hit=hit, names=names, note=_note(current, hit))
    return _framed(conditional.cacheable(make_response(page)))


def _note(current: AppState, hit: Hit) -> str:
    if hit.type in current.reader.claim_types():
        return "This is what a source says. Its page shows what is known about it, and from which evidence."
    if hit.type in current.reader.types_below(current.reader.vocabulary.term("Proposition")):
        return "This may be true or false. Its page shows what the evidence says."
    return ""


def _framed(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = FRAMED_POLICY
    return response


def _candidate(current: AppState, one: Candidate) -> dict[str, Any]:
    features = {"name_similarity": one.name_similarity, "property_similarity": one.property_similarity}
    return {
        **_named(one.id, one.hit.label, one.hit.description),
        "type": [{"id": term_id(current.reader.vocabulary, one.hit.type), "name": one.hit.type_label}],
        "score": one.score,
        "match": one.is_match,
        "features": [{"id": name, "value": round(value, 3)} for name, value in features.items() if value is not None],
    }


def _extended(current: AppState, wanted: Extension) -> dict[str, Any]:
    iris = {one: entity_iri(current.reader.vocabulary, one) for one in wanted.ids}
    values = current.matching.properties.values({iri for iri in iris.values() if iri}, wanted.properties)
    rows = {
        one: {prop.id: [_cell(value) for value in values.get((iri, prop.id), ())] for prop in wanted.properties}
        for one, iri in iris.items()
    }
    return {"meta": [{"id": one.id, "name": one.name} for one in wanted.properties], "rows": rows}


def _cell(value: PropertyValue) -> dict[str, Any]:
    if value.entity:
        return {"id": value.entity, "name": value.text}
    return {"int": value.number} if value.number is not None else {"str": value.text}


def _named(identifier: str, name: str, description: str) -> dict[str, Any]:
    return {"id": identifier, "name": name, **({"description": description} if description else {})}


def _property(one: Property) -> dict[str, Any]:
    return _named(one.id, one.name, one.description)


def _suggestion() -> tuple[str, int]:
    """Returns prefix and cursor of this request."""
    _check("prefix", "cursor")
    prefix = request.args.get("prefix", "")
    if not prefix or len(prefix) > MAX_CHARACTERS:
        raise arguments.problem([FieldError("prefix", f"prefix has 1 to {MAX_CHARACTERS} characters.")])
    return prefix, _number("cursor", 0, 0, MAX_CURSOR)


def _number(name: str, default: int, least: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
        raise arguments.problem([FieldError(name, f"{name} is a whole number from {least} to {most}.")])
    return int(text)


def _check(*known: str) -> None:
    """Reports parameters that are unknown or repeated, in the URL or in the form."""
    errors = [
        FieldError(name[:60], f"{name[:60]} is unknown. Parameters: {', '.join(known)}, release.")
        for name in request.values
        if name not in (*known, "release")
    ]
    errors += [FieldError(name[:60], f"Give {name[:60]} once.") for name, all_ in request.args.lists() if len(all_) > 1]
    if errors:
        raise arguments.problem(errors)


def _answer(document: dict[str, Any]) -> Response:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    response = Response(body, content_type="application/json")
    return conditional.no_store(response) if request.method == "POST" else conditional.cacheable(response)
