"""What ``vitk export`` writes, opened by the programs that its users use (extra ``exchange-test``)."""

from __future__ import annotations

import csv
import json
import warnings
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from rdflib import Dataset, Graph

from kg.exports import mappings, parts
from kg.reader import export as of_reader
from kg.reader.reader import Reader
from tests.support.paths import CURATED

pytestmark = [pytest.mark.system, pytest.mark.filterwarnings("ignore")]
# Rows of a table that csvw reads: it takes seconds for all amounts in foods.
MAX_ROWS = 3000
TABLES = ("effect-sizes", "doses", "amounts", "claims")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exported")


@pytest.fixture(scope="module")
def tables_folder(reader: Reader, folder: Path) -> Path:
    parts.export(reader, "csvw", folder / "csvw")
    return folder / "csvw"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_kgx_nodes_and_edges_are_valid_in_the_biolink_model(reader: Reader, folder: Path) -> None:
    """By the classes of the package biolink-model: kgx itself loads the model from the network, which a test has not.

    A qualifier is a slot of some association, but not of the most general one.
    """
    from biolink_model.datamodel import pydanticmodel_v2 as model

    parts.export(reader, "kgx", folder / "kgx")
    nodes, edges = (lines(folder / "kgx" / f"{name}.jsonl") for name in ("nodes", "edges"))
    for node in nodes:
        (category,) = node["category"]
        getattr(model, category.removeprefix("biolink:"))(**node)
    associations: list[Any] = [
        one for one in vars(model).values() if isinstance(one, type) and issubclass(one, model.Association)
    ]
    general = set(model.Association.model_fields)
    for edge in edges:
        model.Association(**{name: value for name, value in edge.items() if name in general})
        for name in edge.keys() - general:
            assert any(name in one.model_fields for one in associations), name
        if "object_direction_qualifier" in edge:
            model.DirectionQualifierEnum(edge["object_direction_qualifier"])
    known = {node["id"] for node in nodes}
    assert len(edges) > 100 and len(known) == len(nodes)
    assert {edge[end] for edge in edges for end in ("subject", "object")} <= known


def test_sssom_reads_the_mappings(folder: Path) -> None:
    from sssom.parsers import parse_sssom_table
    from sssom.validators import validate

    target = folder / "mappings.sssom.tsv"
    mappings.export(CURATED, target)
    parsed = parse_sssom_table(str(target))
    validate(parsed)
    with target.open(encoding="utf-8") as file:
        rows = [line for line in file if not line.startswith("#")]
    assert len(parsed.df) == len(rows) - 1


def test_nanopub_finds_every_nanopublication_valid_and_its_hash_right(reader: Reader, folder: Path) -> None:
    from nanopub.nanopub import Nanopub
    from nanopub.nanopub_conf import NanopubConf
    from rdflib import ConjunctiveGraph

    target = folder / "all.trig"
    parts.export(reader, "nanopubs", target)
    dataset = Dataset()
    dataset.parse(target, format="trig")
    heads = [graph for graph in dataset.graphs() if str(graph.identifier).endswith("#Head")]
    assert len(heads) > 500
    # Every twentieth: the program takes seconds for a hundred.
    for head in heads[::20]:
        start = str(head.identifier).removesuffix("Head")
        one = ConjunctiveGraph()
        for part in ("Head", "assertion", "provenance", "pubinfo"):
            graph = dataset.graph(start + part)
            one.addN((subject, predicate, value, one.get_context(start + part)) for subject, predicate, value in graph)
        found = Nanopub(rdf=one, conf=NanopubConf())
        assert found.is_valid and found.has_valid_trusty


def test_rocrate_opens_the_release(reader: Reader, folder: Path) -> None:
    from rocrate.rocrate import ROCrate

    parts.export(reader, "ro-crate", folder / "crate")
    crate = ROCrate(str(folder / "crate"))
    files = {entity.id for entity in crate.data_entities}
    assert files == {dump.name for dump in reader.release.manifest.dumps}
    assert crate.root_dataset["version"] == reader.release.id and crate.license
    assert all((folder / "crate" / name).stat().st_size == int(crate.get(name)["contentSize"]) for name in files)


def test_csvw_reads_every_table_in_its_datatypes(tables_folder: Path) -> None:
    from csvw import TableGroup

    group = TableGroup.from_file(tables_folder / "csv-metadata.json")
    assert [str(table.url) for table in group.tables] == [f"{name}.csv" for name in TABLES]
    for table in group.tables:
        with (tables_folder / str(table.url)).open(encoding="utf-8", newline="") as file:
            header, *written = csv.reader(file)
        assert header == [column.name for column in table.tableSchema.columns]
        # It raises an error where a cell is not of its datatype.
        read = sum(1 for _ in islice(table.iterdicts(strict=True), MAX_ROWS))
        assert read == min(len(written), MAX_ROWS) > 50


def test_parquet_has_the_numbers_of_the_csv_files_with_their_units(
    reader: Reader, folder: Path, tables_folder: Path
) -> None:
    import pandas

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyarrow import parquet
    parts.export(reader, "parquet", folder / "parquet")
    for name in TABLES:
        columns = pandas.read_parquet(folder / "parquet" / f"{name}.parquet")
        text = pandas.read_csv(tables_folder / f"{name}.csv", dtype=str, keep_default_na=False)
        assert list(columns) == list(text) and len(columns) == len(text) > 50
        for column in columns:
            missing = columns[column].isna()
            assert (missing == (text[column] == "")).all(), column
            if columns[column].dtype.kind in "if":
                assert (columns[column][~missing] == text[column][~missing].astype(float)).all(), column
    schema = parquet.read_schema(folder / "parquet" / "amounts.parquet")
    assert schema.field("microgramsPer100Grams").metadata == {b"unit": "µg per 100 g".encode()}
    assert schema.metadata[b"release"].decode() == reader.release.id


def test_pronto_opens_the_obo_graph_with_the_class_tree(reader: Reader, folder: Path) -> None:
    from pronto.ontology import Ontology

    target = folder / "vitk.json"
    parts.export(reader, "obograph", target)
    ontology = Ontology(str(target))
    terms = {term.name: term for term in ontology.terms()}
    assert len(terms) > 100
    assert "form of vitamin K" in {one.name for one in terms["menaquinone"].superclasses()}
    assert all(term.definition for term in terms.values())


def test_rdflib_opens_the_ontology_in_rdf_xml_and_finds_the_same_triples(reader: Reader, folder: Path) -> None:
    of_reader.export(reader, "ontology", folder / "vitk.rdf")
    of_reader.export(reader, "ontology", folder / "vitk.ttl")
    xml, turtle = Graph().parse(folder / "vitk.rdf"), Graph().parse(folder / "vitk.ttl")
    assert len(xml) == len(turtle) > 1000
