"""Tests mirror the source tree; ``support`` is what they share, ``browser`` needs Chromium, ``benchmarks`` are run by hand."""
