"""Tests of what builds and starts reuse."""
