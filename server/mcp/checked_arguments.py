"""Arguments of tools: checked against their schema, with errors in words that name the argument and how to mend it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, InputRequiredResult, Tool
from pydantic import ValidationError

_SHOWN = 60
_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object with values by name",
}


class CheckedServer(MCPServer[Any]):
    """An MCP server that rejects what a tool does not take, by name, and takes null for an omitted argument.

    The library drops unknown arguments, so that a misspelt one would give another answer than the one wanted, and
    reports invalid ones in the words of pydantic.
    """

    async def list_tools(self) -> list[Tool]:
        """Returns all tools; their schemas say that there are no further arguments."""
        tools = await super().list_tools()
        return [
            tool.model_copy(update={"input_schema": {**tool.input_schema, "additionalProperties": False}})
            for tool in tools
        ]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Calls a tool.

        Raises:
            ToolError: there is no such tool or argument (with the nearest), or an argument is missing or invalid, or
                the tool reports an error.
        """
        schemas = {tool.name: tool.input_schema for tool in await self.list_tools()}
        if name not in schemas:
            raise ToolError(f"There is no tool {name[:_SHOWN]!r}; {_among(name, list(schemas), 'tools')}")
        given = _without_null(arguments)
        if problems := _unknown_or_missing(name, schemas[name], given) or _not_numbers(schemas[name], given):
            raise ToolError(" ".join(problems))
        try:
            return await super().call_tool(name, given, context)
        except ToolError as error:
            match error.__cause__:
                case ValidationError() as invalid:
                    raise ToolError(" ".join(_invalid(schemas[name], given, invalid))) from error
                case ToolError() as own:
                    # Without the prefix that the library puts before it.
                    raise own from None
                case _:
                    raise


def _without_null(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_null(value) if isinstance(value, dict) else value
        for name, value in arguments.items()
        if value is not None
    }


def _unknown_or_missing(tool: str, schema: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    known = list(schema["properties"])
    problems = [
        f"{tool} takes no argument {name[:_SHOWN]!r}; {_among(name, known, 'arguments')}"
        for name in given
        if name not in known
    ]
    missing = [name for name in schema.get("required", ()) if name not in given]
    return problems + [f"{name} is missing: {schema['properties'][name]['description']}." for name in missing]


def _not_numbers(schema: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """A sentence for each true or false that the library would take for a number."""
    return [
        f"{name} must be {_described(schema['properties'][name])}, not {json.dumps(value)}."
        for name, value in given.items()
        if isinstance(value, bool) and schema["properties"][name].get("type") in ("integer", "number")
    ]


def _among(name: str, known: Sequence[str], noun: str) -> str:
    near = difflib.get_close_matches(name[:_SHOWN], known, 3, 0.4)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"{noun}: {', '.join(known)}." if known else "it takes none."


def _invalid(schema: Mapping[str, Any], given: Mapping[str, Any], error: ValidationError) -> list[str]:
    """A sentence for each invalid argument, or value in one."""
    found: dict[str, str] = {}
    for one in error.errors(include_url=False, include_context=False):
        name, *inner = (str(part) for part in one["loc"])
        value, expected = given[name], schema["properties"][name]
        if inner and isinstance(value, dict) and inner[0] in value:
            name, value, expected = f"{name}.{inner[0]}", value[inner[0]], _of_values(expected)
        found[name] = f"{name} must be {_described(expected)}, not {json.dumps(value, ensure_ascii=False)[:_SHOWN]}."
    return list(found.values())


def _of_values(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of the values of an object that may be null."""
    choices: Sequence[Mapping[str, Any]] = [schema, *schema.get("anyOf", ())]
    return next((one["additionalProperties"] for one in choices if "additionalProperties" in one), {})


def _described(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        # Null stands for an omitted argument, and a whole number is a number.
        types = [one["type"] for one in schema["anyOf"] if one["type"] != "null"]
        return " or ".join(_TYPES[one] for one in types if one != "integer" or "number" not in types)
    words = _TYPES.get(schema.get("type", ""), "something else")
    return words + (f" of at least {schema['minimum']}" if "minimum" in schema else "")
