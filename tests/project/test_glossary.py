"""One concept, one term: nothing uses a term that the glossary of CONTRIBUTING.md retires."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.project import glossary
from tests.project.glossary import SCOPES, Entry
from tests.support.paths import ROOT

TEXTS_FOR_AGENTS = ROOT / "server" / "mcp"
Names = Callable[[ast.AST], Iterator[tuple[int, str]]]


def texts() -> tuple[list[Path], list[Path]]:
    """The documents, and the sources of pages."""
    folders = (ROOT / "server" / "templates", ROOT / "server" / "ui" / "src")
    scripts = (ROOT / "server" / "static").glob("*.js")
    pages = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    documents = [*ROOT.glob("*.md"), *(ROOT / ".github").rglob("*.md"), ROOT / "kg" / "data" / "LICENSE.md"]
    return [*documents, ROOT / "server" / "OPERATIONS.md"], [*pages, *scripts, *TEXTS_FOR_AGENTS.glob("*.md")]


DOCUMENTS, PAGES = texts()


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return glossary.entries((ROOT / "CONTRIBUTING.md").read_text("utf-8"))


def modules(package: str) -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted((ROOT / package).rglob("*.py")):
        if "node_modules" not in path.parts and path.parent.name != "project":
            yield path, ast.parse(path.read_text("utf-8"))


def found_in_code(package: str, scope: str, names: Names, entries: list[Entry]) -> list[str]:
    """Each retired term with its place."""
    return [
        f"{path.relative_to(ROOT)}:{line}: {term}"
        for path, tree in modules(package)
        for line, text in names(tree)
        for term in glossary.retired_in(glossary.in_words(text), scope, entries)
    ]


def found_in_text(path: Path, scope: str, entries: list[Entry]) -> list[str]:
    """Each retired term with its place; the glossary itself is left out, which has to name them."""
    text = path.read_text("utf-8")
    own = glossary.section(text)
    text = text.replace(own, "\n" * own.count("\n"))
    return [
        f"{path.relative_to(ROOT)}:{number}: {term}"
        for number, line in enumerate(text.splitlines(), 1)
        for term in glossary.retired_in(glossary.in_words(line), scope, entries)
    ]


@pytest.mark.parametrize("package", ["kg", "server", "tests"])
def test_identifiers_have_no_retired_word(package: str, entries: list[Entry]) -> None:
    assert found_in_code(package, "identifiers", glossary.identifiers, entries) == []


@pytest.mark.parametrize("package", ["kg", "server", "tests"])
def test_messages_have_no_retired_term(package: str, entries: list[Entry]) -> None:
    names = glossary.docstrings if package == "tests" else glossary.messages
    assert found_in_code(package, "messages", names, entries) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_documents_have_no_retired_term(path: Path, entries: list[Entry]) -> None:
    assert found_in_text(path, "documents", entries) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_pages_have_no_retired_term(path: Path, entries: list[Entry]) -> None:
    assert found_in_text(path, "pages", entries) == []


def test_a_retired_term_is_not_the_term_of_a_concept(entries: list[Entry]) -> None:
    for entry in entries:
        for scope in entry.scopes:
            assert glossary.retired_in(entry.term, scope, entries) == [], entry.term


@pytest.mark.parametrize("scope", SCOPES)
def test_every_retired_term_is_found_where_it_is_retired_and_only_there(scope: str, entries: list[Entry]) -> None:
    for entry in entries:
        for term in entry.retired:
            found = glossary.retired_in(f"a {term} b", scope, [entry])
            assert bool(found) == (scope in entry.scopes), (term, scope)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("keptMib", ["kept mib"]),
        ("VITK_KEPT_MIB", ["kept_mib"]),
        ("--kept-mib", ["kept-mib"]),
        ("keptMibs", []),
        ("a whole number", []),
        ("a whole page", ["whole"]),
        ("It is no flaw, and there is no other.", ["is no"]),
        ("GET /doubtful", ["doubtful", "/doubtful"]),
        ("A question\nof the catalogue", ["question"]),
        ("a Thing of OWL", []),
        ("a thing of ours", ["thing"]),
    ],
)  # fmt: skip
def test_terms_are_found_in_any_spelling(text: str, found: list[str], entries: list[Entry]) -> None:
    assert glossary.retired_in(glossary.in_words(text), "documents", entries) == found
