"""``vitk mcp``: the graph as tools and resources for agents, over standard input and output.

What the tools do is in ``server/agents/``; here they get names, descriptions and types for the protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

import kg
from kg.engine.interface.base import Engine
from kg.errors import VitkError
from kg.rdf.formats import TURTLE
from kg.reader.reader import Reader
from kg.settings import Settings
from server.mcp import schema_card as claim_summary
from server.mcp.tools import MOST_HITS, MOST_ROWS, Data, Tools

INSTRUCTIONS = (
    "vitk is a knowledge graph of vitamin K: forms, foods, proteins, conditions, doses, interactions, and claims with "
    "the evidence for and against them. Read vitk://traps first: amounts have a basis, vitamin K in USDA SR28 is K1 "
    "only, missing is not zero, a claim is not a fact. Start with search or list_queries; write SPARQL of your own "
    "only where no question of the catalogue fits, with schema_card at hand. Name the source of every number. "
    "vitk gives no medical advice."
)
READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
Rows = Annotated[int, Field(description=f"rows at most, up to {MOST_ROWS}")]


def server_of(settings: Settings, reader: Reader, engine: Engine) -> MCPServer[Any]:
    """The server for one release, not running yet."""
    server: MCPServer[Any] = MCPServer("vitk", instructions=INSTRUCTIONS, version=kg.__version__, log_level="WARNING")
    _add_tools(server, Tools(settings, reader, engine), reader)
    _add_resources(server, reader)
    return server


def _add_tools(server: MCPServer[Any], tools: Tools, reader: Reader) -> None:
    @server.tool(title="Find things by name", annotations=READS)
    def search(
        text: Annotated[str, Field(description="name, abbreviation, identifier or words, such as MK-7")],
        limit: Annotated[int, Field(description=f"hits at most, up to {MOST_HITS}")] = 10,
    ) -> Data:
        """Things whose name, abbreviation, identifier or description matches; typing mistakes are forgiven."""
        return _reporting(lambda: tools.search(text, limit))

    @server.tool(title="Describe one thing", annotations=READS)
    def describe(
        entity: Annotated[str, Field(description="IRI, CURIE such as id:natto, or name")],
    ) -> Data:
        """Names, relations and claims of a thing; of a food also the amounts by source, and what is unknown."""
        return _reporting(lambda: tools.describe(entity))

    @server.tool(title="List the catalogue's questions", annotations=READS)
    def list_queries(
        words: Annotated[str, Field(description="words that the question must have; empty for all")] = "",
    ) -> Data:
        """Questions that run_query answers, with parameters (those in brackets may be left out) and tags."""
        return _reporting(lambda: tools.list_queries(words))

    @server.tool(title="Answer a question of the catalogue", annotations=READS)
    def run_query(
        name: Annotated[str, Field(description="name of the question, such as foods-by-form")],
        parameters: Annotated[
            dict[str, str | int | float | bool | list[str]] | None,
            Field(description='by name; things as IRI, CURIE or name, such as {"form": "mk-7"}'),
        ] = None,
        limit: Rows = 50,
        offset: Annotated[int, Field(description="rows to pass over", ge=0)] = 0,
    ) -> Data:
        """Rows with columns, units, the number of all rows, and the SPARQL. Empty cells are unknown, not zero."""
        return _reporting(lambda: tools.run_query(name, parameters or {}, limit, offset))

    @server.tool(title="Run SPARQL", annotations=READS)
    def run_sparql(
        query: Annotated[str, Field(description="SPARQL 1.1 SELECT, ASK, CONSTRUCT or DESCRIBE with its prefixes")],
        limit: Rows = 100,
    ) -> Data:
        """The answer to a query of your own; time, memory and size are limited, and a mistake is told with a hint."""
        return _reporting(lambda: tools.sparql(query, limit))

    @server.tool(title="Explain a statement or a verdict", annotations=READS)
    def explain(
        subject: Annotated[str, Field(description="a claim such as id:claim-f038-2, or the subject of a statement")],
        predicate: Annotated[str, Field(description="property, such as vitk:needs; empty for a claim")] = "",
        object: Annotated[str, Field(description="object of the statement; empty for a claim")] = "",  # noqa: A002
    ) -> Data:
        """Why a statement holds, down to curated facts and their sources, or how the verdict of a claim came about."""
        return _reporting(lambda: tools.explain(subject, predicate, object))

    @server.tool(title="The schema in brief", annotations=READS)
    def schema_card() -> str:
        """Prefixes, graphs, classes with numbers of things, properties with what they join, and an example."""
        return claim_summary.schema_card(reader)


def _add_resources(server: MCPServer[Any], reader: Reader) -> None:
    traps = claim_summary.pitfalls()

    @server.resource("vitk://ontology", title="The ontology in Turtle", mime_type=TURTLE.media_type)
    def ontology() -> str:
        return reader.ontology(TURTLE).decode("utf-8")

    @server.resource("vitk://schema", title="The schema in brief", mime_type="text/markdown")
    def schema() -> str:
        return claim_summary.schema_card(reader)

    @server.resource("vitk://traps", title="What is easily mistaken", mime_type="text/markdown")
    def all_traps() -> str:
        return claim_summary.PITFALLS.read_text("utf-8")

    for name, text in traps.items():
        title = name.replace("-", " ")
        server.resource(f"vitk://traps/{name}", name=name, title=title, mime_type="text/markdown")(_text_resource(text))


def _text_resource(text: str) -> Callable[[], str]:
    return lambda: text


def _reporting(ask: Callable[[], Data]) -> Data:
    """The answer; a mistake goes to the agent in the words in which people are told it."""
    try:
        return ask()
    except VitkError as error:
        raise ToolError(str(error)) from error
