"""Terms of rdflib for those of the engine, and back."""

from __future__ import annotations

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

EngineTerm = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def to_rdflib(term: EngineTerm) -> Node:
    """Returns a term as rdflib has it; the lexical form of a literal stays as it is.

    Raises:
        TypeError: it is a triple term, which rdflib does not have.
    """
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal():
            if term.language:
                return Literal(term.value, lang=term.language)
            # rdflib keeps a plain string and xsd:string apart, and parsers give plain ones.
            is_plain = term.datatype.value.endswith("#string")
            return Literal(term.value, datatype=None if is_plain else URIRef(term.datatype.value), normalize=False)
        case _:
            raise TypeError(f"rdflib has no term for {term}.")


def to_engine(term: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Returns a term as the engine has it.

    Raises:
        TypeError: the engine has no such term, for example a variable.
        ValueError: it is not a valid IRI.
    """
    match term:
        case URIRef():
            return ox.NamedNode(str(term))
        case BNode():
            return ox.BlankNode(str(term))
        case Literal(language=str() as language):
            return ox.Literal(str(term), language=language)
        case Literal(datatype=None):
            return ox.Literal(str(term))
        case Literal():
            return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))
        case _:
            raise TypeError(f"{term!r} is not an IRI, blank node or literal.")
