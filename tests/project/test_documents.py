"""What the documents say is so."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, RdfFormat, parse

from kg import settings
from kg.build import pipeline
from kg.build.load.mapping import read_mapping
from kg.catalogue import query_header
from kg.rdf.vocabulary import GRAPHS
from kg.reader.reader import Reader
from kg.release.release import RELEASES_TO_KEEP, Release
from kg.sparql import guard
from server.cli.main import all_commands
from server.core.metrics import Metrics
from server.http import headers, request_body
from server.middleware.cache.entry import HIT
from tests.project import glossary
from tests.support.committed import committed_files
from tests.support.paths import ROOT, SECONDS_OF_FUZZING, TEST_RELEASES
from tests.support.servers import vitk_environment

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "server/OPERATIONS.md")
TOP_LEVEL = {
    "ontology",
    "kg",
    "server",
    "tests",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "ARCHITECTURE.md",
    "CITATION.cff",
    "Containerfile",
    "compose.yaml",
    "justfile",
}
# Not committed, but built by an installation.
NOT_COMMITTED = {"server/static/dist"}
# URLs in the documents that are not ours: of another store, of a folder, of all operations together.
NOT_ROUTES = {"/update", "/var/lib/vitk", "/tmp", "/api/v1"}
# Flags of other programs than vitk.
OTHER_FLAGS = {"union-default-graph", "timeout-s"}


def test_the_top_level_holds_only_the_agreed_files() -> None:
    visible = {name.split("/")[0] for name in committed_files() if not name.startswith(".")}
    assert visible == TOP_LEVEL


def test_no_committed_file_names_a_package_registry_or_a_path_of_a_machine() -> None:
    registries = ["py" + "pi.org", "python" + "hosted", "npm" + "js.org", "npm" + "js.com", "deb." + "debian"]
    paths = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"]
    for name in committed_files():
        content = (ROOT / name).read_bytes().decode("utf-8", "replace")
        for word in (*registries, *paths):
            assert word not in content, f"{name} holds {word}"


def test_no_source_file_has_two_jobs() -> None:
    sizes = {name: (ROOT / name).read_text("utf-8").count("\n") for name in committed_files() if name.endswith(".py")}
    assert {name: lines for name, lines in sizes.items() if lines > 300} == {}


def test_examples_in_docstrings_print_what_they_say() -> None:
    names = [name for name in committed_files() if name.startswith(("kg/", "server/")) and name.endswith(".py")]
    with_examples = [name for name in names if ">>>" in (ROOT / name).read_text("utf-8")]
    assert with_examples
    for name in with_examples:
        found = doctest.testmod(importlib.import_module(name.removesuffix(".py").replace("/", ".")))
        assert (found.attempted > 0, found.failed) == (True, 0), name


def test_every_dependency_has_a_lower_bound_and_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    extras = project["optional-dependencies"]
    requirements = {*project["dependencies"], *chain.from_iterable(extras.values())} - {
        f"vitk[{name}]" for name in extras
    }
    for requirement in requirements:
        name, bound, _ = requirement.partition(">=")
        assert bound, requirement
        assert re.search(rf"^\|[^|]*\b{name}\b", contributing, re.MULTILINE), name


@pytest.mark.parametrize("name", DOCUMENTS)
def test_flags_variables_and_commands_named_in_the_documents_exist(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    # The glossary names flags of the past.
    text = text.replace(glossary.section(text), "")
    commands = all_commands()
    assert set(re.findall(r"`vitk ([a-z]+)", text)) <= set(commands.commands)
    options = {option for command in commands.commands.values() for one in command.params for option in one.opts}
    assert {f"--{flag}" for flag in set(re.findall(r"`--([a-z-]+)", text)) - OTHER_FLAGS} <= options
    shown = "".join(re.findall(r"```\n(.*?)```", text, re.DOTALL))
    for command, arguments in re.findall(r"^vitk ([a-z]+)(.*)$", shown, re.MULTILINE):
        known = {option for one in commands.commands[command].params for option in one.opts}
        assert set(re.findall(r"--[a-z-]+", arguments)) <= known, command
    variables = {settings.ENVIRONMENT_PREFIX + row.name.upper() for row in settings.table()}
    others = {settings.SETTINGS_FILE_VARIABLE, "VITK_UI", TEST_RELEASES, SECONDS_OF_FUZZING}
    assert set(re.findall(r"\bVITK_[A-Z_]+\b", text)) <= variables | others


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_and_modules_named_in_the_documents_exist(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    paths = {
        path.rstrip("/") for path in re.findall(r"[`(]((?:\.github|kg|ontology|server|tests)/[^`\s<)]*)[`)]", text)
    }
    paths |= set(re.findall(r"(?<!!)\[[^\]]*\]\(([^)#:]+)(?:#[^)]*)?\)", text)) - {""}
    folder = (ROOT / name).parent
    assert {path for path in paths - NOT_COMMITTED if not [*ROOT.glob(path), *folder.glob(path)]} == set()
    for module in re.findall(r"python -m (tests\.[\w.]+)", text):
        assert importlib.util.find_spec(module), module


@pytest.mark.parametrize("name", DOCUMENTS)
def test_routes_named_in_the_documents_exist(name: str, client: FlaskClient) -> None:
    text = (ROOT / name).read_text("utf-8")
    # The glossary names routes of the past.
    text = text.replace(glossary.section(text), "")
    routes = client.application.url_map.bind("")
    for path in set(re.findall(r"`(/[^`\s?]*)(?:\?[^`\s]*)?`", text)) - NOT_ROUTES:
        example = re.sub(r"…|<[^>]*>", "x", path).replace("/queries/x", "/queries/foods-by-form")
        assert routes.allowed_methods(example), path
        if example.startswith("/api/v1/"):
            assert routes.match(example)[0] != "api.unknown", path


def test_operations_md_names_every_metric_and_no_other() -> None:
    text = (ROOT / "server" / "OPERATIONS.md").read_text("utf-8")
    metrics = Metrics()
    metrics.query("answered", 0.1)
    exported = set(re.findall(r"^# TYPE (\w+)", metrics.text().decode(), re.MULTILINE))
    assert set(re.findall(r"`(vitk_\w+)`", text)) == {name for name in exported if not name.endswith("_created")}


def test_limits_and_headers_of_operations_md_are_those_of_the_code() -> None:
    text = (ROOT / "server" / "OPERATIONS.md").read_text("utf-8")
    assert f"length of a query: {guard.MAX_CHARACTERS:,} characters" in text
    assert f"size of a request body: {request_body.MAX_BYTES >> 20} MiB" in text
    assert f"nesting of brackets: {guard.MAX_DEPTH};" in text
    for header, value in HIT:
        assert f"`{header}: {value}`" in text
    assert f"`Cache-Control: {headers.REVALIDATE}`" in text


def test_architecture_md_describes_every_stage_graph_and_file_of_a_release(release: Release) -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert tuple(re.findall(r"^\| (\w+) \|.*`kg/build/", text, re.MULTILINE)) == pipeline.STAGES
    for graph in GRAPHS:
        assert f"`{graph}`" in text
    layout = text.partition("releases/<id>/")[2].partition("```")[0]
    for path in release.path.iterdir():
        assert re.search(rf"(^|\s){re.escape(path.name.removesuffix('.gz'))}", layout), path.name
    words = {1: "one", 2: "two", 3: "three", 4: "four"}
    assert f"The last {words[RELEASES_TO_KEEP]} releases are retained" in " ".join(text.split())


def test_the_mapping_of_contributing_md_is_one(tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (mapping,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "mapping.toml").write_text(mapping, "utf-8")
    (tmp_path / "table.csv").write_text("code,name,k1,unit\n1,kale,390,µg\n", "utf-8")
    assert read_mapping(tmp_path / "mapping.toml").name == "my-table"


def test_the_query_header_of_contributing_md_is_one() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (query,) = re.findall(r"```sparql\n(.*?)```", text, re.DOTALL)
    header, _ = query_header.read(query)
    assert [parameter.name for parameter in header.parameters] == ["form", "min", "group"]


def test_claims_and_entities_of_contributing_md_are_in_the_graph(reader: Reader) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in reader.vocabulary.prefixes.items())
    for example in re.findall(r"```turtle\n(.*?)```", text, re.DOTALL):
        for quad in parse(prefixes + example, format=RdfFormat.TURTLE):
            # Texts are shortened.
            if not (isinstance(quad.object, Literal) and quad.object.language):
                assert reader.ask(f"ASK {{ {quad.subject} {quad.predicate} {quad.object} }}"), quad


def test_the_readme_fits_two_screens_and_its_commands_are_one_line_each() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert len(lines) <= 100
    assert "pip install . && vitk serve" in lines
    assert "pip install -e '.[test]' && pytest" in lines


def test_the_first_query_of_the_readme_gives_the_answer_that_it_shows(client: FlaskClient) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    query = re.search(r"```sparql\n(.*?)```", text, re.DOTALL)
    answer = re.search(r"```csv\n(.*?)```", text, re.DOTALL)
    assert query
    assert answer
    found = client.post("/sparql", data={"query": query.group(1), "format": "csv"}).text
    assert found.replace("\r\n", "\n") == answer.group(1)


def test_the_settings_table_of_the_readme_is_that_of_the_code() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `--([a-z-]+)` \|(.*)\| (.*) \|$", text, re.MULTILINE)
    assert [(flag, said) for flag, _, said in rows] == [
        (row.name.replace("_", "-"), row.metadata["help"]) for row in settings.table()
    ]
    for (_, default, _), row in zip(rows, settings.table(), strict=True):
        if shown := re.fullmatch(r" `(.+)` ", default):
            assert row.metadata["parse"](shown.group(1)) == getattr(settings.Settings(), row.name)


def test_public_queries_and_page_queries_have_distinct_titles(reader: Reader) -> None:
    titles = [query.title for query in reader.catalogue.all()]
    assert len(titles) == len(set(titles))


def test_environment_of_tests_is_free_of_settings() -> None:
    assert [name for name in vitk_environment() if name.startswith("VITK_")] == []
