"""Figures, printed by commands: ``python -m tests.benchmarks.first_step``."""
