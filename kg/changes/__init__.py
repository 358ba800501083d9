"""What changed from one release to another, in triples and in words, and the history of a data folder."""
