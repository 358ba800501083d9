"""Fixtures of the tests of charts."""

from __future__ import annotations

import pytest

from kg.claims.claim_index import ClaimIndex
from kg.reader.reader import Reader
from tests.server.charts.examples import Source


@pytest.fixture(scope="package")
def source(reader: Reader) -> Source:
    return Source(reader, ClaimIndex(reader))
