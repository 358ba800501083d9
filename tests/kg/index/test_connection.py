"""The connection to the side index: read-only, closed with its last user, at any path."""

from __future__ import annotations

import gc
import re
import sqlite3
from pathlib import Path

import pytest

from kg.index.connection import IndexConnection
from tests.support.paths import ROOT


def index_at(path: Path) -> Path:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE entity (id INTEGER, iri TEXT)")
        connection.execute("INSERT INTO entity VALUES (1, 'a')")
    connection.close()
    return path


@pytest.mark.parametrize("name", ["search.sqlite", "50% ?mode=rwc#1.sqlite"])
def test_an_index_is_read_wherever_it_is(tmp_path: Path, name: str) -> None:
    connection = IndexConnection(index_at(tmp_path / name))
    assert connection.execute("SELECT iri FROM entity WHERE id = ?", (1,)).fetchone() == ("a",)
    assert connection.execute("SELECT iri FROM entity WHERE id = :id", {"id": 1}).fetchone() == ("a",)
    connection.close()


def test_an_index_is_never_written(tmp_path: Path) -> None:
    connection = IndexConnection(index_at(tmp_path / "search.sqlite"))
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM entity")
    connection.close()


def test_a_missing_index_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        IndexConnection(tmp_path / "search.sqlite")
    assert not (tmp_path / "search.sqlite").exists()


def test_a_connection_closes_once_it_is_reported_to_or_nothing_uses_it(tmp_path: Path) -> None:
    index = index_at(tmp_path / "search.sqlite")
    connection = IndexConnection(index)
    connection.close()
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")
    forgotten = IndexConnection(index)
    cursor = forgotten.execute("SELECT 1")
    del forgotten
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        cursor.fetchone()


def test_no_query_has_numbered_placeholders() -> None:
    """Python 3.12 deprecates them with values in a sequence, since sqlite3 takes them for named ones."""
    sources = [path for folder in ("index", "build") for path in (ROOT / "kg" / folder).rglob("*.py")]
    numbered = re.compile(r"[ (=]\?[0-9]")
    found = [path.name for path in sources if numbered.search(path.read_text("utf-8"))]
    assert found == []
