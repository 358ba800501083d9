"""Lines on standard error. A log that cannot be written costs the log, never what is logged."""

from __future__ import annotations

import contextlib
import re
import sys

# A terminal would obey these; lines and tabs only move the cursor on.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# What looks like nothing or like a space: other spaces, line separators, marks of direction, joiners, byte order marks.
_INVISIBLE = re.compile(r"[\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")


def plain(text: str) -> str:
    """Returns a text with its control characters written as escapes."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", text)


def visible(text: str) -> str:
    """Returns a message that can be acted on: what cannot be seen in it, control characters too, is named."""
    return _INVISIBLE.sub(lambda match: f"[U+{ord(match.group()):04X}]", plain(text))


def write_line(text: str) -> None:
    """Writes a line to standard error; it is lost if standard error is closed, full or broken."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text + "\n")
