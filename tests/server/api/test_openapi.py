"""The OpenAPI document: valid, equal to the routes, and true of what the server answers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from kg.reader.reader import Reader
from server import api
from server.api import snippets
from server.api.operation import BASE, Operation
from tests.support.paths import SECONDS_OF_FUZZING
from tests.support.servers import Running
from tests.support.session.routes import routes

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,unsupported_method"
)


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> dict[str, object]:
    found = client.get("/openapi.json").get_json()
    assert isinstance(found, dict)
    return found


def test_the_document_is_valid(document: dict[str, object]) -> None:
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_what_is_deprecated_is_marked_and_says_what_to_use(client: FlaskClient) -> None:
    paths = client.get("/openapi.json").get_json()["paths"]
    claims = paths[BASE + "/claims"]["get"]
    (parameter,) = [one for one in claims["parameters"] if one["name"] == "verdict"]
    assert parameter["deprecated"] and "standing" in parameter["description"]
    columns = results_schema(claims)["properties"]
    assert {name for name, column in columns.items() if column.get("deprecated")} == {"verdict", "verdictName"}
    of_entity = results_schema(paths[BASE + "/entities/{id}"]["get"])["properties"]["claims"]["items"]["properties"]
    assert of_entity["verdict"]["deprecated"] and "deprecated" not in of_entity["standing"]


def results_schema(operation: dict[str, Any]) -> dict[str, Any]:
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    items: dict[str, Any] = schema["allOf"][1]["properties"]["results"]["items"]
    return items


def test_the_document_and_the_routes_are_equal(client: FlaskClient, document: dict[str, object]) -> None:
    app = client.application
    assert isinstance(app, Flask)
    described_routes, files = set[tuple[str, ...]](), set[tuple[str, ...]]()
    for rule in routes(app):
        if rule.rule.startswith(BASE) and rule.endpoint != "api.unknown":
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.partition(".<any(")[0])
            (files if ".<any(" in rule.rule else described_routes).add(
                (path, *sorted(rule.methods - {"HEAD", "OPTIONS"}))
            )
    paths = document["paths"]
    assert isinstance(paths, dict)
    described = {(path, *sorted(method.upper() for method in item)) for path, item in paths.items()}
    assert described == described_routes
    with_files = {
        (path, "GET")
        for path, item in paths.items()
        if "get" in item and len(item["get"]["responses"]["200"]["content"]) > 1
    }
    assert with_files == files


def test_every_question_is_an_operation_with_its_parameters_and_columns(
    reader: Reader, document: dict[str, object]
) -> None:
    paths = document["paths"]
    assert isinstance(paths, dict)
    for query in reader.catalogue.public():
        described = paths[f"{BASE}/queries/{query.name}"]["get"]
        assert described["summary"] == query.title
        names = [parameter["name"] for parameter in described["parameters"]]
        assert names[: len(query.parameters)] == [parameter.name for parameter in query.parameters]


def operations(reader: Reader) -> list[Operation]:
    return list(api.operations(reader.catalogue))


@pytest.mark.system
def test_snippets_of_curl_and_python_run_against_a_server(disk_server: Running, reader: Reader, tmp_path: Path) -> None:
    """All of them: the lines of curl in one shell, the Python programs in one interpreter."""
    lines, programs = [], []
    for operation in operations(reader):
        by_name = {snippet.name: snippet.text for snippet in snippets.code_snippets(operation, disk_server.address)}
        lines.append(f"{by_name['curl']} --output /dev/null || echo {operation.id}")
        programs.append(by_name["Python"])
    assert len(programs) > 100
    if shutil.which("curl"):
        shell = subprocess.run(["bash", "-c", "\n".join(lines)], capture_output=True, text=True, timeout=300)
        assert (shell.stdout, shell.stderr) == ("", "")
    file = tmp_path / "snippets.py"
    file.write_text("\n".join(programs), "utf-8")
    ran = subprocess.run([sys.executable, file], capture_output=True, text=True, timeout=300)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count("results of release") > 100


def test_snippets_stand_on_the_pages_as_they_are_tested(client: FlaskClient, reader: Reader) -> None:
    operation = next(operation for operation in operations(reader) if operation.id == "listFoods")
    import html

    page = html.unescape(client.get("/api/listFoods").text)
    for snippet in snippets.code_snippets(operation, "http://localhost"):
        assert snippet.text.strip() in page


@pytest.mark.system
def test_schemathesis_finds_nothing(serve: Callable[..., Running], data_dir: Path, tmp_path: Path) -> None:
    """The same cases in every run, so that a change is judged by what it changes; new ones for as long as is asked."""
    running = serve("--no-build", data_dir=data_dir)
    seconds = os.environ.get(SECONDS_OF_FUZZING)
    cases = ["--max-examples", "30", "--max-time", seconds] if seconds else ["--max-examples", "20", "--seed", "1"]
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{running.address}/openapi.json"),
        *("--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--workers", "2", *cases),
        *("--no-color", "--generation-database", "none"),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300 + int(seconds or 0), cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout[-6000:]


def test_the_document_names_no_other_host(document: dict[str, object]) -> None:
    addresses = set(re.findall(r"https?://[^/\"\\ ]+", json.dumps(document)))
    assert addresses <= {"https://creativecommons.org"}


def test_the_diet_stands_in_the_openapi_document(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    assert document is not None
    assert document["paths"]["/api/v1/diet"]["post"]["operationId"] == "diet"
