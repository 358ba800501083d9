"""A chart as a file: an SVG that needs nothing else, the same as PNG, and its rows as CSV."""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache
from pathlib import Path

import resvg_py
from flask import render_template

from kg.release.release import Release
from server.charts.chart import WIDE, Chart
from server.core.assets import BUNDLES, FOLDER
from server.core.urls import Urls
from server.svg.drawing import SMALL, Drawing, lines, text_lines

# A file has more pixels than user units, so that it is sharp in print.
_PIXELS = 2
_MARGIN, _TITLE, _LINE = 20, 17.0, 17.0
_FAMILY = "DejaVu Sans"
_TOKEN = re.compile(r"--([\w-]+):\s*(?:light-dark\(([^,]+),[^)]*\)|([^;]+));")


def svg(chart: Chart, release: Release, urls: Urls, address: str = "") -> str:
    """Returns the chart as an SVG file with title, note, source and licence in it, its styles written out.

    Args:
        chart: the chart.
        release: named as its source.
        urls: build the links, which are absolute in a file.
        address: where the chart is to be found, as a path; by default its own file.
    """
    drawing = chart.draw(WIDE)
    title = lines(chart.finding, WIDE, _TITLE)
    credit = (
        f"Source: {chart.source}, in vitk, release {release.id} of {release.manifest.date}. "
        f"{urls.full(address or urls.chart(chart.kind, chart.name, 'svg'))}. Licence: {chart.licence}."
    )
    below = [*lines(f"{chart.note} {chart.scale}".strip(), WIDE, SMALL), *lines(credit, WIDE, SMALL)]
    top = _MARGIN + _LINE * 1.4 * len(title) + 6
    foot = top + drawing.height + 24
    texts = (
        *text_lines(title, _MARGIN, _MARGIN + 14, _LINE * 1.4, "title"),
        *text_lines(below, _MARGIN, foot, _LINE, "tick"),
    )
    return render_template(
        "svg/chart_file.svg",
        chart=chart,
        style=_style(),
        drawing=drawing,
        texts=texts,
        left=_MARGIN,
        top=top,
        width=WIDE + 2 * _MARGIN,
        height=round(foot + _LINE * len(below) + _MARGIN / 2),
    )


def png(document: str) -> bytes:
    """Returns an SVG file as PNG, at twice its size.

    The fonts are those that were bundled when vitk was installed, or else those of the system.
    """
    fonts = _fonts()
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=document,
            zoom=_PIXELS,
            font_files=list(fonts),
            skip_system_fonts=bool(fonts),
            font_family=_FAMILY,
            sans_serif_family=_FAMILY,
        )
    )


def table(chart: Chart) -> str:
    """Returns the rows of a chart as CSV (RFC 4180), with names and units of the columns in the first line."""
    text = io.StringIO()
    csv.writer(text).writerows([chart.columns, *chart.rows])
    return text.getvalue()


def drawing_of(chart: Chart, width: int) -> Drawing:
    """Returns the drawing of a chart for a page; templates call it."""
    return chart.draw(width)


@lru_cache(maxsize=1)
def _fonts() -> tuple[str, ...]:
    return tuple(str(path) for path in sorted((FOLDER / BUNDLES).glob("*.ttf")))


@lru_cache(maxsize=1)
def _style() -> str:
    """The rules of ``chart.css`` with the colours of a light page written out: programs for SVG know no variables."""
    tokens = {
        name: (light or plain).strip()
        for name, light, plain in _TOKEN.findall((FOLDER / "vitk.css").read_text("utf-8"))
    } | {name: (light or plain).strip() for name, light, plain in _TOKEN.findall(_rules())}
    rules = re.sub(r":root\s*{[^}]*}", "", _rules().partition("@media")[0])
    written = re.sub(r"var\(--([\w-]+)\)", lambda found: tokens[found[1]], rules)
    return re.sub(r"/\*.*?\*/|\n", "", written, flags=re.DOTALL).replace("system-ui", f'"{_FAMILY}"')


def _rules() -> str:
    return Path(FOLDER, "chart.css").read_text("utf-8")
