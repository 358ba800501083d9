"""Graphs that users import from files of RDF."""
