"""Answers of the API as lists in RDF, which pages about the same rows send too."""
