"""Whether this version of vitk can read a release: its format, and the queries of its catalogue that code runs by name.

The catalogue of a release is that of the version which built it, so a query that later code runs may be missing there,
or lack a parameter or a column.
"""

from __future__ import annotations

from pathlib import Path

from kg.catalogue import catalogue
from kg.catalogue.catalogue import Query
from kg.catalogue.query_header import HeaderError
from kg.errors import DAMAGE, DamagedReleaseError, VitkError
from kg.index.connection import IndexConnection
from kg.rdf.vocabulary import Vocabulary
from kg.release.release import Release

# Beside all of ``pages/``, which people do not see: code alone runs them.
PUBLIC_QUERIES = frozenset(
    {
        *("a-food-in-all-tables", "advice-and-whom-it-is-for", "assessment-of-a-proposition"),
        "assessments-that-hang-on-one-study",
        *("circulation-times", "contradictions", "coverage-of-the-source", "doses-in-studies"),
        *("evidence-by-condition", "evidence-on-a-condition", "evidence-on-a-proposition"),
        *("flaws-and-corrections", "foods-by-amount", "foods-by-form", "foods-by-serving"),
        *("foods-of-a-table-by-amount", "forms-compared", "forms-of-a-vitamin"),
        *("identifiers-of-an-entity", "interactions", "kinds-of-flaw", "propositions"),
        *("proteins-that-need-vitamin-k", "raw-and-cooked", "reference-intakes", "results-for-an-outcome"),
        *("servings-that-may-counteract-a-drug", "sources-that-disagree", "sums-of-forms"),
        "what-the-food-tables-cover",
    }
)


def check(release: Release) -> None:
    """Checks that a release can be read.

    Raises:
        VitkError: it was built by an incompatible version of vitk, or is damaged.
    """
    vocabulary = Vocabulary(release.base_iri)
    for path in (release.store / "CURRENT", release.dump, release.search_index, release.completion):
        if not path.is_file():
            raise release.damaged(FileNotFoundError(f"there is no {path}"))
    try:
        index = IndexConnection(release.search_index)
        index.execute("PRAGMA schema_version")
        index.close()
        lacking = [name for name in required() if not _offers(release.queries / f"{name}.rq", name, vocabulary)]
    except DAMAGE as error:
        raise release.damaged(error) from error
    if lacking:
        raise release.incompatible(f": its catalogue has no {', '.join(lacking[:3])} as this version runs it")


def is_readable(release: Release) -> bool:
    """Whether this version of vitk can read a release.

    Raises:
        DamagedReleaseError: no version can.
    """
    try:
        check(release)
    except DamagedReleaseError:
        raise
    except VitkError:
        return False
    return True


def required() -> list[str]:
    """Names of the queries that this version of vitk runs, sorted."""
    private = (path.stem for path in catalogue.FOLDER.glob("pages/*.rq"))
    return sorted({*PUBLIC_QUERIES, *(f"pages/{name}" for name in private)})


def _offers(path: Path, name: str, vocabulary: Vocabulary) -> bool:
    """Whether a file is a query with the same parameters as ours and at least its columns."""
    own = catalogue.FOLDER / f"{name}.rq"
    if not path.is_file():
        return False
    # Nearly always they are equal, and parsing them takes a hundred times as long as reading them.
    if path.read_bytes() == own.read_bytes():
        return True
    try:
        offered, wanted = (catalogue.read_query(file, name, vocabulary) for file in (path, own))
    except HeaderError:
        return False
    return _parameters(offered) == _parameters(wanted) and {*offered.columns} >= {*wanted.columns}


def _parameters(query: Query) -> set[tuple[str, str]]:
    return {(parameter.name, parameter.type) for parameter in query.parameters}
