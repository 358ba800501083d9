"""Prints lines to standard output as they are; a reader who leaves does not stop the work."""

from __future__ import annotations

import io
import os
import re
import sys

import click

# A terminal would obey these; lines and tabs only move the cursor on.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """Returns a text with its control characters written as escapes."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", text)


def accept_all_characters() -> None:
    """Has standard output write what its encoding lacks as escapes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def discard_output() -> None:
    """Has standard output go nowhere from now on: what is left in its buffer would fail once more when Python ends."""
    if sys.stdout is sys.__stdout__ and sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def print_line(text: str) -> None:
    """Prints a line at once; where that fails, nothing more is printed."""
    accept_all_characters()
    try:
        click.echo(plain(text))
    except (OSError, ValueError):
        discard_output()
