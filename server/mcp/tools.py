"""What the tools of an agent do: answers as plain data, mistakes as sentences that say how to mend them.

Names may be IRIs, CURIEs or labels. Nothing here knows the protocol.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from pyoxigraph import Literal

from kg.catalogue.query_header import Parameter
from kg.claims import explain, flaw_columns
from kg.claims.claim_index import ClaimIndex
from kg.engine.interface.base import Engine, QueryError, QueryRejectedError, QueryRequest, QuerySyntaxError
from kg.engine.interface.messages import message_for
from kg.entities import summary
from kg.errors import VitkError
from kg.rdf.formats import TURTLE
from kg.rdf.json_values import literal
from kg.rdf.terms import Term
from kg.reader import entity_names, invocation
from kg.reader.reader import Reader
from kg.settings import Settings

MOST_HITS, MOST_ROWS = 50, 500
MAX_RESULT_BYTES = 4 << 20
_ENTITY_PARAMETER = Parameter("entity", "iri", "id:menaquinone-7")

Data = dict[str, Any]


class Tools:
    """The tools on one release.

    Args:
        settings: of which the limits on queries are used.
        reader: the release.
        engine: what runs an agent's own SPARQL.
    """

    def __init__(self, settings: Settings, reader: Reader, engine: Engine) -> None:
        self._settings, self._reader, self._engine = settings, reader, engine
        self._claim_index = ClaimIndex(reader)

    def search(self, text: str, limit: int) -> Data:
        """Finds entities by name, abbreviation, identifier or words.

        Raises:
            VitkError: nothing to search for.
        """
        if not text.strip():
            raise VitkError("text is empty; give a name, an abbreviation or words, such as MK-7 or osteocalcin.")
        hits = self._reader.search.find(text, _bounded("limit", limit, MOST_HITS))
        found = [
            {"id": self._curie(hit.iri), "label": hit.label, "type": hit.type_label, "description": hit.description}
            for hit in hits
        ]
        return self._answer(count=len(found), results=found)

    def describe(self, entity_iri: str) -> Data:
        """Describes one entity: names, relations, propositions, claims; of a food, what is known and unknown.

        A proposition comes with how it was assessed, a claim with its proposition, standing and flaws.

        Raises:
            VitkError: there is no such entity; names the nearest.
        """
        iri = entity_names.resolve(self._reader, _ENTITY_PARAMETER, entity_iri)
        return self._answer(**summary.summarise(self._reader, self._claim_index, iri))

    def list_queries(self, words: str) -> Data:
        """The queries of the catalogue, narrowed down by words."""
        found = invocation.search_queries(self._reader.catalogue.public(), words)
        results = [
            {"call": invocation.signature(query), "title": query.title, "tags": list(query.tags)} for query in found
        ]
        note = "" if found else f"No query has all of the words {words[:60]!r}; give fewer, or none for all queries."
        return self._answer(count=len(found), results=results, **({"note": note} if note else {}))

    def run_query(self, name: str, parameters: Mapping[str, object], limit: int, offset: int) -> Data:
        """The answer to a question of the catalogue.

        Raises:
            VitkError: no such question or values that it does not take, with the nearest.
        """
        size = _bounded("limit", limit, MOST_ROWS)
        prepared = invocation.prepare(self._reader, name, {key: _written(value) for key, value in parameters.items()})
        head = {"title": prepared.title, "summary": prepared.query.summary, "sparql": prepared.sparql}
        if prepared.query.is_graph:
            return self._answer(**head, turtle=self._reader.graph(prepared.sparql, TURTLE).decode("utf-8"))
        rows = self._reader.select(prepared.sparql)
        part = flaw_columns.filled(prepared.query, rows[max(0, offset) : max(0, offset) + size], self._claim_index)
        columns = (*prepared.query.columns, *flaw_columns.names(prepared.query))
        return self._answer(
            **head,
            **({} if rows else {"note": invocation.NOTHING_RECORDED}),
            units={column: unit for column, unit in prepared.query.header.units.items() if unit},
            total=len(rows),
            columns=list(columns),
            rows=[[self._cell(row.get(column)) for column in columns] for row in part],
        )

    def sparql(self, query: str, limit: int) -> Data:
        """The answer to a query of the agent's own, within the limits of the endpoint.

        Raises:
            VitkError: what keeps it from an answer, with line, column and a hint where it is malformed.
        """
        size = _bounded("limit", limit, MOST_ROWS)
        try:
            answer = self._engine.run(
                QueryRequest(query, "json", TURTLE.name, base_iri=self._reader.release.base_iri),
                time.monotonic() + self._settings.query_timeout,
            )
        except QueryError as failure:
            message = message_for(failure, self._settings, self._settings.query_timeout)
            is_malformed = isinstance(failure, QuerySyntaxError | QueryRejectedError)
            prefixes = "Declare prefixes: the tool schema_card lists them." if is_malformed else ""
            raise VitkError(
                "\n".join(part for part in (message.detail, message.excerpt, prefixes) if part)
            ) from failure
        try:
            if answer.length > MAX_RESULT_BYTES:
                raise VitkError(f"The answer has {answer.length:,} bytes, too many to read. Add a LIMIT or aggregate.")
            body = answer.read()
        finally:
            answer.close()
        hint = {"hint": answer.hint} if answer.hint else {}
        if answer.format == TURTLE.name:
            return self._answer(turtle=body.decode("utf-8"), **hint)
        document = json.loads(body)
        if "boolean" in document:
            return self._answer(boolean=document["boolean"], **hint)
        rows, columns = document["results"]["bindings"], document["head"]["vars"]
        shown = [[self._binding(row.get(column)) for column in columns] for row in rows[:size]]
        return self._answer(total=len(rows), columns=columns, rows=shown, **hint)

    def explain(self, subject: str, predicate: str, obj: str) -> Data:
        """Why a statement holds, how a proposition was assessed, or how the standing of a claim came about.

        Raises:
            VitkError: an unknown entity, with the nearest names, or a statement that is not in the graph.
        """
        if bool(predicate) != bool(obj):
            raise VitkError("Give a proposition or claim alone as subject, or subject, predicate and object.")
        lines = explain.explain_in_words(self._reader, self._claim_index, subject, predicate or None, obj or None)
        return self._answer(explanation="\n".join(lines))

    def _answer(self, **payload: Any) -> Data:
        return {"release": self._reader.release.id, **payload}

    def _cell(self, term: Term | None) -> object:
        if term is None:
            return None
        return literal(term.value, term.datatype.value) if isinstance(term, Literal) else self._curie(term.value)

    def _binding(self, payload: Mapping[str, str] | None) -> object:
        if payload is None:
            return None
        return (
            self._curie(payload["value"])
            if payload["type"] == "uri"
            else literal(payload["value"], payload.get("datatype", ""))
        )

    def _curie(self, iri: str) -> str:
        return self._reader.vocabulary.shorten(iri)


def _written(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value).casefold() if isinstance(value, bool) else str(value)


def _bounded(name: str, number: int, most: int) -> int:
    if not 1 <= number <= most:
        raise VitkError(f"{name} is a whole number from 1 to {most}; {number} is not.")
    return number
