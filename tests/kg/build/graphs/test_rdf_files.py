"""Files of RDF: every format gives the same triples, what is wrong has a file and a line, nodes of two files differ."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, serialize

from kg.build.graphs import rdf_files
from kg.build.graphs.rdf_files import RdfFile
from kg.errors import CuratedFileError, VitkError

GRAPH = "https://example.org/mine"
TURTLE = '@prefix : <https://example.org/> .\n:a :b "é"@fr , 01 , [ :c _:x ] . _:x :d "\\n" .\n'


def given(folder: Path, name: str, content: str | bytes, graph: str = GRAPH, base: str = "") -> RdfFile:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return RdfFile(path, path, rdf_files.format_of(path), graph, base, rdf_files.key_of(path, graph, 0))


def as_written(folder: Path, name: str, fmt: RdfFormat) -> RdfFile:
    """The triples of ``TURTLE`` in another format."""
    triples = [quad.triple for quad in rdf_files.quads_of(given(folder, "source.ttl", TURTLE))]
    written = serialize(triples, format=fmt)
    assert written is not None
    return given(folder, name, gzip.compress(written) if name.endswith(".gz") else written)


def canonical(quads: list[Quad]) -> set[Quad]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


FORMATS = {
    "a.ttl": RdfFormat.TURTLE,
    "a.turtle": RdfFormat.TURTLE,
    "a.nt": RdfFormat.N_TRIPLES,
    "a.nq": RdfFormat.N_QUADS,
    "a.trig": RdfFormat.TRIG,
    "a.jsonld": RdfFormat.JSON_LD,
    "a.rdf": RdfFormat.RDF_XML,
    "a.owl": RdfFormat.RDF_XML,
    "a.ttl.gz": RdfFormat.TURTLE,
    "a.v2.nq.gz": RdfFormat.N_QUADS,
}


@pytest.mark.parametrize(("name", "fmt"), FORMATS.items(), ids=FORMATS)
def test_every_format_gives_the_same_triples(name: str, fmt: RdfFormat, tmp_path: Path) -> None:
    wanted = list(rdf_files.quads_of(given(tmp_path, "wanted.ttl", TURTLE)))
    found = list(rdf_files.quads_of(as_written(tmp_path, name, fmt)))
    assert len(found) == 5
    assert canonical(found) == canonical(wanted)


# What a file contains, and what is said of it behind its name.
WRONG = {
    "Turtle": ("a.ttl", "<http://a> <http://b>\n\n <http://c d> .", ":3: Invalid IRI code point ' ' [RDF]"),
    "a relative IRI": ("a.ttl", "\n<a> <http://b> 1 .", ":2: an IRI is relative, and the file has no base; give one"),
    "a file that is cut off": ("a.ttl", '<http://a> <http://b> "c', ":1: "),
    "not UTF-8": ("a.nq", b'<http://a> <http://b> "x" .\n<http://a> <http://b> "\xff" .\n', ":2: Invalid UTF-8"),
    "JSON": ("a.jsonld", '{"@id": "http://a",\n"http://b": 1,}', ":2: Trailing commas are not allowed"),
    "JSON-LD": ("a.jsonld", '{"@id": "http://a",\n"http://b": {"@value": "x",\n"@language": 3}}', ":3: @language"),
    "a context on the web": ("a.jsonld", '{"@context": "http://schema.org/",\n"@id": "a"}', ":2: its @context is an"),
    "XML": ("a.rdf", '<?xml version="1.0"?>\n<a>\n<b>\n</a>', ":4: is not XML: mismatched tag"),
    "XML that is cut off": (
        "a.rdf",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://b/">\n'
        '<rdf:Description rdf:about="http://a"><c>d</c></rdf:Description>\n',
        ":3: is not XML: no element found",
    ),
    "RDF/XML": (
        "a.rdf",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<rdf:Description rdf:about="a"/></rdf:RDF>',
        ":2: an IRI is relative",
    ),
    "gzip that is cut off": ("a.ttl.gz", gzip.compress(TURTLE.encode())[:-20], ": cannot be read: "),
    "a graph without an IRI": (
        "a.trig",
        "<http://g> { <http://a> <http://b> 1 }\n\n_:g { <http://a> <http://b> 2 }\n",
        ":3: a graph without an IRI",
    ),
    "a quad in such a graph": (
        "a.nq.gz",
        gzip.compress(b"<http://a> <http://b> <http://c> .\r\n<http://a> <http://b> <http://c> _:g .\n" * 3),
        ":2: a graph without an IRI",
    ),
    "JSON in such a graph": (
        "a.jsonld",
        '{"@id": "_:g",\n"@graph": [{"@id": "http://a",\n"http://b": 1}]}',
        ":3: a graph without an IRI",
    ),
    "deep JSON": ("a.jsonld", '{"http://a]":\n' * 20_000 + "1" + "}" * 20_000, ":501: nests more than 500 levels deep"),
}


@pytest.mark.parametrize(("name", "content", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_in_a_sentence_with_its_line(
    name: str, content: str | bytes, message: str, tmp_path: Path
) -> None:
    with pytest.raises(CuratedFileError) as failure:
        list(rdf_files.quads_of(given(tmp_path, name, content)))
    said = str(failure.value)
    assert said.startswith(f"{tmp_path / name}{message}")
    assert "\n" not in said


def test_triples_without_a_graph_want_a_name(tmp_path: Path) -> None:
    content = "<http://a> <http://b> <http://c> <http://g> .\n\n<http://a> <http://b> <http://c> .\n"
    file = given(tmp_path, "a.nq", content, graph="")
    with pytest.raises(CuratedFileError, match=":3: has triples that are in no graph; name one with --graph"):
        list(rdf_files.quads_of(file))


def test_a_suffix_that_names_no_format_is_said(tmp_path: Path) -> None:
    with pytest.raises(VitkError, match=r"notes\.txt: the suffix names no format of RDF; give one with --format"):
        rdf_files.format_of(tmp_path / "notes.txt")
    assert rdf_files.format_of(tmp_path / "notes.txt", "ttl") == RdfFormat.TURTLE


def nodes(quads: list[Quad]) -> set[str]:
    return {term.value for quad in quads for term in (quad.subject, quad.object) if isinstance(term, BlankNode)}


def test_blank_nodes_coincide_within_a_file_and_never_beyond(tmp_path: Path) -> None:
    content = "<http://g> { _:x <http://b> [] } <http://h> { _:x <http://b> 1 }"
    file = given(tmp_path, "a.trig", content)
    first = list(rdf_files.quads_of(file))
    assert len(nodes(first)) == 2
    assert len({quad.subject for quad in first}) == 1, "in both graphs"
    assert list(rdf_files.quads_of(file)) == first, "the names follow from the file"
    others = [
        rdf_files.key_of(file.path, GRAPH, 1),
        rdf_files.key_of(file.path, GRAPH + "2", 0),
        given(tmp_path, "b.trig", content + "\n").key,
    ]
    assert len({file.key, *others}) == 4


def test_a_byte_order_mark_means_nothing(tmp_path: Path) -> None:
    assert len(list(rdf_files.quads_of(given(tmp_path, "a.ttl", b"\xef\xbb\xbf<http://a> <http://b> 1 .")))) == 1
