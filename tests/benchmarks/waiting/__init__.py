"""Measures what people wait for: a release after an edit, a page after a start."""
