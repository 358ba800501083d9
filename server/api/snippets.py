"""Code snippets that call an operation: curl, Python, R and JavaScript."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from server.api.operation import BASE, Operation


@dataclass(frozen=True)
class Snippet:
    """A code snippet.

    Attributes:
        name: name of the language or program, for people.
        language: name of the language, for syntax highlighting.
        text: the code.
    """

    name: str
    language: str
    text: str


def example(operation: Operation) -> tuple[str, dict[str, str]]:
    """Returns URL path and query parameters of the example request."""
    path, given = operation.path, dict[str, str]()
    for parameter in operation.parameters:
        if parameter.name in operation.in_path:
            path = path.replace("{" + parameter.name + "}", quote(parameter.example.removeprefix("id:")))
        elif not parameter.optional or parameter.name in operation.example:
            given[parameter.name] = parameter.example
    return BASE + path, given


def code_snippets(operation: Operation, root: str) -> list[Snippet]:
    """Returns snippets for the example request.

    Args:
        operation: the operation.
        root: absolute URL of the server, without a trailing slash.
    """
    path, given = example(operation)
    address = root + path
    media_type = "text/turtle" if operation.kind == "graph" else "application/json"
    options = "".join(f" \\\n  --data-urlencode {_shell(f'{name}={text}')}" for name, text in given.items())
    curl = f"curl --get --fail --silent --header {_shell('Accept: ' + media_type)} {_shell(address)}{options}"
    encoded = address + ("?" + urlencode(given, safe=":,") if given else "")
    if operation.kind == "graph":
        return [
            Snippet("curl", "shell", curl),
            Snippet("Python", "python", _PYTHON_GRAPH.format(url=json.dumps(encoded))),
            Snippet("R", "r", _R_GRAPH.format(url=json.dumps(encoded))),
            Snippet("JavaScript", "javascript", _JAVASCRIPT_GRAPH.format(url=json.dumps(encoded))),
        ]
    columns = operation.query.columns if operation.query else ("label",)
    key = _first_name(columns)
    is_table = operation.kind == "table"
    python = _PYTHON.format(url=json.dumps(encoded), row="row" if not is_table else f"row.get({json.dumps(key)})")
    r = _R_TABLE if is_table else _R
    file = encoded.replace(address, address + ".csv", 1)
    return [
        Snippet("curl", "shell", curl),
        Snippet("Python", "python", python),
        Snippet("R", "r", r.format(url=json.dumps(encoded), file=json.dumps(file))),
        Snippet("JavaScript", "javascript", _JAVASCRIPT.format(url=json.dumps(encoded))),
    ]


_PYTHON = """\
import json
from urllib.request import urlopen

with urlopen({url}) as response:
    result = json.load(response)
print(result["total"], "results of release", result["release"])
for row in result["results"]:
    print({row})
"""
_PYTHON_GRAPH = """\
from urllib.request import Request, urlopen

request = Request({url}, headers={{"Accept": "text/turtle"}})
with urlopen(request) as response:
    print(response.read().decode())
"""
_R_TABLE = """\
rows <- read.csv({file})
head(rows)
"""
_R = """\
result <- jsonlite::fromJSON({url})
str(result$results)
"""
_R_GRAPH = """\
response <- httr::GET({url}, httr::accept("text/turtle"))
cat(httr::content(response, "text"))
"""
_JAVASCRIPT = """\
const response = await fetch({url}, {{ headers: {{ Accept: "application/json" }} }});
const result = await response.json();
console.log(result.total, result.results);
"""
_JAVASCRIPT_GRAPH = """\
const response = await fetch({url}, {{ headers: {{ Accept: "text/turtle" }} }});
console.log(await response.text());
"""


def _first_name(columns: tuple[str, ...]) -> str:
    return next((name for name in columns if re.search("Name$|^statement$", name)), columns[0])


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
