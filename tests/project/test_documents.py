"""What the documents say is so."""

from __future__ import annotations

import doctest
import importlib
import re
import tomllib

import pytest
from flask.testing import FlaskClient

import server.cli.serve  # noqa: F401 - adds serve to the commands
from kg import settings
from kg.cli import commands
from kg.reader.reader import Reader
from tests.support.committed import committed_files
from tests.support.paths import ROOT, SECONDS_OF_FUZZING, TEST_RELEASES
from tests.support.servers import vitk_environment

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
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
}


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
    requirements = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    for requirement in requirements:
        name, bound, _ = requirement.partition(">=")
        assert bound, requirement
        assert re.search(rf"^\|[^|]*\b{name}\b", contributing, re.MULTILINE), name


@pytest.mark.parametrize("name", DOCUMENTS)
def test_settings_commands_and_routes_named_in_the_documents_exist(name: str, client: FlaskClient) -> None:
    text = (ROOT / name).read_text("utf-8")
    flags = {row.name.replace("_", "-") for row in settings.table()} | {
        "debug",
        "settings",
        "prune",
        "keep",
        "no-proof",
        "fix",
    }
    assert set(re.findall(r"`--([a-z-]+)", text)) <= flags
    variables = {settings.ENVIRONMENT_PREFIX + row.name.upper() for row in settings.table()} | {
        "VITK_SETTINGS",
        "VITK_UI",
        TEST_RELEASES,
        SECONDS_OF_FUZZING,
    }
    assert set(re.findall(r"\bVITK_[A-Z_]+\b", text)) <= variables
    assert set(re.findall(r"`vitk ([a-z]+)", text)) <= set(commands.commands)
    for path in re.findall(r"(?:GET |`|8000)(/[a-z][a-z0-9/_-]*)(?=[`?\s])", text):
        if path.startswith(("/page/", "/id/", "/data/")) or path in ("/sparql", "/search", "/about", "/healthz"):
            assert client.get(path, headers={"Accept": "text/html"}).status_code < 400, path


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


def test_settings_of_the_readme_table_are_all_settings() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert set(re.findall(r"^\| `--([a-z-]+)` ", text, re.MULTILINE)) == {
        row.name.replace("_", "-") for row in settings.table()
    }


def test_public_queries_and_page_queries_have_distinct_titles(reader: Reader) -> None:
    titles = [query.title for query in reader.catalogue.all()]
    assert len(titles) == len(set(titles))


def test_environment_of_tests_is_free_of_settings() -> None:
    assert [name for name in vitk_environment() if name.startswith("VITK_")] == []
