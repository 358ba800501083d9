"""Draws the icons and the social card as PNG files, so that no binary is in the repository.

Shapes are distances: a pixel is covered as far as its centre is inside. That is all that an icon of a square, three
strokes and a dot needs, and it needs no library. The geometry is that of ``server/static/icon.svg``.
"""

from __future__ import annotations

import hashlib
import math
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

Colour = tuple[int, int, int]
Point = tuple[float, float]
Distance = Callable[[float, float], float]

LEAF, PAPER, AMBER, INK = (0x1D, 0x5C, 0x3F), (0xF6, 0xF2, 0xE7), (0xE8, 0xB0, 0x4A), (0x1D, 0x24, 0x21)
# In the units of icon.svg, which is 32 wide and high.
SIDE, CORNER, STROKE = 32.0, 8.0, 3.2
STROKES: tuple[tuple[Point, Point], ...] = (((9, 7), (9, 25)), ((9, 17), (20, 7)), ((13, 14), (22, 25)))
DOT: tuple[float, float, float] = (24, 8.5, 2.6)
# The letters of the name, in units of their x-height, from the left of the first; y is 0 at the baseline.
LETTERS: tuple[tuple[Point, Point], ...] = (
    ((0, -1), (0.42, 0)), ((0.42, 0), (0.84, -1)), ((1.3, -1), (1.3, 0)), ((1.3, -1.42), (1.3, -1.4)),
    ((1.86, -1.45), (1.86, -0.12)), ((1.86, -0.12), (2.16, 0)), ((1.66, -1), (2.16, -1)),
    ((2.6, -1.6), (2.6, 0)), ((2.6, -0.42), (3.2, -1)), ((2.8, -0.6), (3.28, 0)),
)  # fmt: skip
CARD = (1200, 630)


class Picture:
    """A picture of one colour on which shapes are drawn.

    Args:
        width, height: in pixels.
        colour: of the ground; ``None`` leaves it transparent.
    """

    def __init__(self, width: int, height: int, colour: Colour | None = None) -> None:
        self.width, self.height = width, height
        self._pixels = bytearray(bytes((*colour, 255)) if colour else bytes(4)) * (width * height)

    def draw(self, distance: Distance, colour: Colour, box: tuple[float, float, float, float]) -> None:
        """Draws a shape.

        Args:
            distance: of a point to its edge in pixels, negative inside.
            colour: of the shape.
            box: left, top, right and bottom of what it can cover.
        """
        left, top = max(0, math.floor(box[0]) - 1), max(0, math.floor(box[1]) - 1)
        right, bottom = min(self.width, math.ceil(box[2]) + 1), min(self.height, math.ceil(box[3]) + 1)
        for y in range(top, bottom):
            for x in range(left, right):
                cover = 0.5 - distance(x + 0.5, y + 0.5)
                if cover > 0:
                    self._blend(4 * (y * self.width + x), colour, min(1.0, cover))

    def _blend(self, at: int, colour: Colour, cover: float) -> None:
        below = self._pixels[at + 3] / 255
        whole = cover + below * (1 - cover)
        for part, value in enumerate(colour):
            mixed = (value * cover + self._pixels[at + part] * below * (1 - cover)) / whole
            self._pixels[at + part] = round(mixed)
        self._pixels[at + 3] = round(255 * whole)

    def png(self) -> bytes:
        """The picture as a PNG file with eight bits for each of red, green, blue and opacity."""
        row = 4 * self.width
        lines = b"".join(b"\0" + self._pixels[y * row : (y + 1) * row] for y in range(self.height))
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 6, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _segment(start: Point, end: Point, width: float) -> tuple[Distance, tuple[float, float, float, float]]:
    """A line with round ends, and the box around it."""
    (x0, y0), (x1, y1), half = start, end, width / 2
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2

    def distance(x: float, y: float) -> float:
        along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length if length else 0.0
        along = min(1.0, max(0.0, along))
        return math.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)) - half

    return distance, (min(x0, x1) - half, min(y0, y1) - half, max(x0, x1) + half, max(y0, y1) + half)


def draw_icon(picture: Picture, left: float, top: float, side: float) -> None:
    """Draws the icon with its upper left corner at a point of the picture, ``side`` pixels wide."""
    scale = side / SIDE
    inner, corner = side / 2 - CORNER * scale, CORNER * scale

    def square(x: float, y: float) -> float:
        beyond = (abs(x - left - side / 2) - inner, abs(y - top - side / 2) - inner)
        return math.hypot(*(max(0.0, one) for one in beyond)) + min(0.0, max(beyond)) - corner

    picture.draw(square, LEAF, (left, top, left + side, top + side))
    for start, end in STROKES:
        first, last = ((left + x * scale, top + y * scale) for x, y in (start, end))
        distance, box = _segment(first, last, STROKE * scale)
        picture.draw(distance, PAPER, box)
    centre = (left + DOT[0] * scale, top + DOT[1] * scale)
    distance, box = _segment(centre, centre, 2 * DOT[2] * scale)
    picture.draw(distance, AMBER, box)


def icon(side: int) -> bytes:
    """The icon as a PNG file, ``side`` pixels wide and high."""
    picture = Picture(side, side)
    draw_icon(picture, 0, 0, side)
    return picture.png()


def ico(side: int) -> bytes:
    """The icon as an ICO file with one PNG picture of at most 255 pixels."""
    content = icon(side)
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, side, side, 0, 0, 1, 32, len(content), 22) + content


def card() -> bytes:
    """The social card as a PNG file: the icon and the name on paper."""
    picture = Picture(*CARD, PAPER)
    draw_icon(picture, 150, 165, 300)
    height = 150.0
    for start, end in LETTERS:
        first, last = ((560 + x * height, 405 + y * height) for x, y in (start, end))
        distance, box = _segment(first, last, 30)
        picture.draw(distance, INK, box)
    distance, box = _segment((565, 475), (1045, 475), 8)
    picture.draw(distance, AMBER, box)
    return picture.png()


def write(out: Path) -> dict[str, str]:
    """Writes all files under names with a hash of their content, and returns these by the plain names."""
    files = {"favicon.ico": ico(32), "icon-180.png": icon(180), "icon-512.png": icon(512), "card.png": card()}
    written = {}
    for name, content in files.items():
        stem, _, suffix = name.rpartition(".")
        written[name] = f"{stem}-{hashlib.sha256(content).hexdigest()[:8].upper()}.{suffix}"
        (out / written[name]).write_bytes(content)
    return written
