"""The MCP server: gives the tools of ``server.mcp.tools`` names, descriptions and types for the protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

import kg
from kg.engine.interface.base import Engine
from kg.errors import VitkError
from kg.rdf.formats import TURTLE
from kg.reader.reader import Reader
from kg.settings import Settings
from server.mcp.checked_arguments import CheckedServer
from server.mcp.schema_card import PITFALLS, pitfalls, write_card
from server.mcp.tools import MOST_HITS, MOST_ROWS, Data, Tools

INSTRUCTIONS = (
    "vitk is a knowledge graph of vitamin K: forms, foods, proteins, conditions, doses, interactions, the claims of "
    "sources, and the propositions that they express, each assessed by the evidence for and against it. Read "
    "vitk://pitfalls first: amounts have a basis, vitamin K in USDA SR28 is K1 only, missing is not zero, a claim is "
    "not a fact. Start with search or list_queries. Write your own SPARQL only if no query of the catalogue fits; read "
    "schema_card before. Name the source of every number. vitk gives no medical advice."
)
READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
Rows = Annotated[int, Field(description=f"maximum number of rows, up to {MOST_ROWS}")]


def server_of(settings: Settings, reader: Reader, engine: Engine) -> CheckedServer:
    """Returns the MCP server for one release, not running yet.

    Args:
        settings: limits on queries.
        reader: the release.
        engine: runs the agent's own SPARQL queries.
    """
    server = CheckedServer("vitk", instructions=INSTRUCTIONS, version=kg.__version__, log_level="WARNING")
    _add_tools(server, Tools(settings, reader, engine), reader)
    _add_resources(server, reader)
    return server


def _add_tools(server: CheckedServer, tools: Tools, reader: Reader) -> None:
    @server.tool(title="Search by name", annotations=READS)
    def search(
        text: Annotated[str, Field(description="name, abbreviation, identifier or words, such as MK-7")],
        limit: Annotated[int, Field(description=f"maximum number of hits, up to {MOST_HITS}")] = 10,
    ) -> Data:
        """Finds entities by name, abbreviation, identifier or words of their description; tolerates typing errors."""
        return _reporting(lambda: tools.search(text, limit))

    @server.tool(title="Describe an entity", annotations=READS)
    def describe(
        entity: Annotated[str, Field(description="IRI, CURIE such as id:natto, or name")],
    ) -> Data:
        """Returns names, relations, propositions and claims of an entity; for a food also amounts, and unknown ones.

        A proposition has its assessment, a claim the proposition that it expresses, its standing and its flaws.
        """
        return _reporting(lambda: tools.describe(entity))

    @server.tool(title="List the queries of the catalogue", annotations=READS)
    def list_queries(
        words: Annotated[str, Field(description="words that the query must contain; empty for all queries")] = "",
    ) -> Data:
        """Lists the queries that run_query runs, with parameters (optional ones in brackets) and tags."""
        return _reporting(lambda: tools.list_queries(words))

    @server.tool(title="Run a query of the catalogue", annotations=READS)
    def run_query(
        name: Annotated[str, Field(description="name of the query, such as foods-by-form")],
        parameters: Annotated[
            dict[str, str | int | float | bool | list[str]] | None,
            Field(description='values by name; entities as IRI, CURIE or name, such as {"form": "mk-7"}'),
        ] = None,
        limit: Rows = 50,
        offset: Annotated[int, Field(description="number of rows to skip", ge=0)] = 0,
    ) -> Data:
        """Returns rows with columns, units, total row count, and the SPARQL. Empty cells are unknown, not zero."""
        return _reporting(lambda: tools.run_query(name, parameters or {}, limit, offset))

    @server.tool(title="Run SPARQL", annotations=READS)
    def run_sparql(
        query: Annotated[str, Field(description="SPARQL 1.1 SELECT, ASK, CONSTRUCT or DESCRIBE with its prefixes")],
        limit: Rows = 100,
    ) -> Data:
        """Runs your own query within limits of time, memory and size. Errors come with a hint."""
        return _reporting(lambda: tools.sparql(query, limit))

    @server.tool(title="Explain a triple, an assessment or a standing", annotations=READS)
    def explain(
        subject: Annotated[
            str, Field(description="proposition or claim, such as id:claim-f038-2, or subject of a triple")
        ],
        predicate: Annotated[
            str, Field(description="property, such as vitk:needs; empty to explain a subject alone")
        ] = "",
        object: Annotated[str, Field(description="object of the triple; empty to explain a subject alone")] = "",  # noqa: A002
    ) -> Data:
        """Explains why a triple is in the graph, how a proposition was assessed, or why a claim stands as it does.

        An assessment names what decides, each step of certainty, what is set aside and why, and what would change it.
        """
        return _reporting(lambda: tools.explain(subject, predicate, object))

    @server.tool(title="The schema in brief", annotations=READS)
    def schema_card() -> str:
        """Returns prefixes, graphs, classes with entity counts, properties with domain and range, and an example."""
        return write_card(reader)


def _add_resources(server: CheckedServer, reader: Reader) -> None:

    @server.resource("vitk://ontology", title="The ontology in Turtle", mime_type=TURTLE.media_type)
    def ontology() -> str:
        return reader.ontology(TURTLE).decode("utf-8")

    @server.resource("vitk://schema", title="The schema in brief", mime_type="text/markdown")
    def schema() -> str:
        return write_card(reader)

    @server.resource("vitk://pitfalls", title="Common pitfalls", mime_type="text/markdown")
    def all_pitfalls() -> str:
        return PITFALLS.read_text("utf-8")

    for name, text in pitfalls().items():
        resource = server.resource(
            f"vitk://pitfalls/{name}", name=name, title=name.replace("-", " "), mime_type="text/markdown"
        )
        resource(_text_resource(text))


def _text_resource(text: str) -> Callable[[], str]:
    return lambda: text


def _reporting(tool: Callable[[], Data]) -> Data:
    """Calls a tool and reports an error to the agent in the same words as to people."""
    try:
        return tool()
    except VitkError as error:
        raise ToolError(str(error)) from error
