"""Builds a release; ``pipeline`` runs the stages in order."""
