"""A proposition with its assessment as a nanopublication, in TriG: head, assertion, provenance, publication info.

It has the structure that https://nanopub.net/guidelines/working_draft/ asks for. Its IRI ends in a hash of its content
(a trusty URI), so a copy can be checked; it is not signed, since releases have no key. The assertion does not say that
the proposition holds: subject, predicate and object are values of the proposition, and the assessment says what is
known of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad, serialize

from kg.exports import trusty
from kg.exports.source import TRIPLE, ExportedProposition, ExportSource
from kg.rdf.formats import TRIG
from kg.rdf.vocabulary import DATA_LICENCE, OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL

SCHEMA = "http://www.nanopub.org/nschema#"

_DCTERMS, _PROV, _XSD = (OUTSIDE_PREFIXES[prefix] for prefix in ("dcterms", "prov", "xsd"))


def nanopublication(source: ExportSource, exported: ExportedProposition) -> bytes:
    """Writes the nanopublication of a proposition."""
    return _written(source, quads(source, exported))


def nanopublications(source: ExportSource) -> bytes:
    """Writes the nanopublications of all propositions into one document."""
    return _written(source, (quad for exported in source.all() for quad in quads(source, exported)))


def iri_of(source: ExportSource, exported: ExportedProposition) -> str:
    """Returns the IRI of a nanopublication, which the server of its release redirects to it."""
    return _iri(source, exported, trusty.code(_quads(source, exported, trusty.PLACEHOLDER)))


def quads(source: ExportSource, exported: ExportedProposition) -> list[Quad]:
    """Returns the quads of a nanopublication, graph by graph."""
    return _quads(source, exported, trusty.code(_quads(source, exported, trusty.PLACEHOLDER)))


def _iri(source: ExportSource, exported: ExportedProposition, code: str) -> str:
    return f"{source.vocabulary.base}np/{exported.iri.removeprefix(source.vocabulary.entities)}/{code}"


def _quads(source: ExportSource, exported: ExportedProposition, code: str) -> list[Quad]:
    this = NamedNode(_iri(source, exported, code))
    head, assertion, provenance, publication = (
        NamedNode(f"{this.value}#{part}") for part in ("Head", "assertion", "provenance", "pubinfo")
    )
    return [
        Quad(this, NamedNode(RDF_TYPE), NamedNode(SCHEMA + "Nanopublication"), head),
        Quad(this, NamedNode(SCHEMA + "hasAssertion"), assertion, head),
        Quad(this, NamedNode(SCHEMA + "hasProvenance"), provenance, head),
        Quad(this, NamedNode(SCHEMA + "hasPublicationInfo"), publication, head),
        *_assertion(source, exported, assertion),
        *_provenance(source, exported, assertion, provenance),
        *_publication_info(source, exported, this, publication),
    ]


def _assertion(source: ExportSource, exported: ExportedProposition, graph: NamedNode) -> Iterable[Quad]:
    summary, term = exported.summary, source.vocabulary.term
    proposition = NamedNode(exported.iri)
    yield Quad(proposition, NamedNode(RDF_TYPE), NamedNode(summary.type.iri), graph)
    yield Quad(proposition, NamedNode(RDFS_LABEL), Literal(summary.proposition.label, language="en"), graph)
    for name in (*TRIPLE, *exported.qualifiers):
        for named in summary.roles[name]:
            yield Quad(proposition, NamedNode(term(name)), NamedNode(named.iri), graph)
    for name, number in exported.amounts.items():
        yield Quad(proposition, NamedNode(term(name)), Literal(number, datatype=NamedNode(_XSD + "decimal")), graph)
    yield Quad(proposition, NamedNode(term("assessedDirection")), NamedNode(summary.direction.iri), graph)
    yield Quad(proposition, NamedNode(term("assessedBy")), NamedNode(summary.basis.iri), graph)
    if summary.certainty:
        yield Quad(proposition, NamedNode(term("certainty")), NamedNode(summary.certainty.iri), graph)


def _provenance(
    source: ExportSource, exported: ExportedProposition, assertion: NamedNode, graph: NamedNode
) -> Iterable[Quad]:
    derived = NamedNode(_PROV + "wasDerivedFrom")
    yield Quad(assertion, derived, NamedNode(source.vocabulary.base + "dataset"), graph)
    yield Quad(assertion, NamedNode(_DCTERMS + "conformsTo"), NamedNode(source.vocabulary.base + "methods"), graph)
    for applied in exported.assessment.deciding:
        yield Quad(assertion, derived, NamedNode(applied.line.iri), graph)
    for publication in exported.publications:
        yield Quad(assertion, derived, NamedNode(publication.study.iri), graph)


def _publication_info(
    source: ExportSource, exported: ExportedProposition, this: NamedNode, graph: NamedNode
) -> Iterable[Quad]:
    manifest = source.release.manifest
    created = Literal(manifest.build.started, datatype=NamedNode(_XSD + "dateTime"))
    yield Quad(this, NamedNode(_DCTERMS + "created"), created, graph)
    yield Quad(this, NamedNode(_DCTERMS + "license"), NamedNode(DATA_LICENCE), graph)
    yield Quad(this, NamedNode(_DCTERMS + "creator"), Literal("the vitk contributors"), graph)
    name = exported.iri.removeprefix(source.vocabulary.entities)
    address = f"{source.vocabulary.base}data/{name}.nanopub?release={source.release.id}"
    yield Quad(this, NamedNode(OUTSIDE_PREFIXES["rdfs"] + "seeAlso"), NamedNode(address), graph)
    yield Quad(this, NamedNode(_DCTERMS + "isPartOf"), NamedNode(source.vocabulary.base + "dataset"), graph)


def _written(source: ExportSource, written: Iterable[Quad]) -> bytes:
    body = serialize(written, format=TRIG.rdf, prefixes={**source.vocabulary.prefixes, "np": SCHEMA})
    assert body is not None
    return body
