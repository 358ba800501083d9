"""The triples of a release by pattern, page by page, with their number."""
