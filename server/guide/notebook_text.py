"""The little of Markdown that texts of notebooks use: headings, paragraphs, lists, and code within lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Span:
    """A part of a line: text or code."""

    text: str
    is_code: bool


@dataclass(frozen=True)
class Block:
    """A heading (``h1``, ``h2``) or paragraph (``p``) with one line, or a list (``ul``) with a line for each item."""

    tag: str
    lines: tuple[tuple[Span, ...], ...]


def blocks(source: str) -> list[Block]:
    """Returns the blocks of a text, which are separated by empty lines."""
    return [_block(part) for part in re.split(r"\n\s*\n", source.strip()) if part]


def _block(part: str) -> Block:
    if part.startswith("- "):
        return Block("ul", tuple(_spans(item) for item in re.split(r"\n- ", part[2:])))
    heading = re.match(r"(##?) ", part)
    if heading:
        return Block(f"h{len(heading[1])}", (_spans(part[heading.end() :]),))
    return Block("p", (_spans(part),))


def _spans(text: str) -> tuple[Span, ...]:
    joined = " ".join(text.split())
    # Every second part is what stands between backquotes.
    parts = _CODE.split(joined)
    return tuple(Span(part, place % 2 == 1) for place, part in enumerate(parts) if part)
