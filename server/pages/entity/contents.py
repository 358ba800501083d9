"""The table of contents of a page, read from its own headings, so that neither can lack what the other has."""

from __future__ import annotations

import re
from html import unescape

_HEADING = re.compile(r'<h2 id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_COUNT = re.compile(r'<span class="count">.*?</span>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def contents(html: str) -> list[tuple[str, str]]:
    """Returns anchor and title of each second-level heading with an ``id``, without counts, in their order."""
    return [
        (anchor, " ".join(unescape(_TAG.sub("", _COUNT.sub("", title))).split()))
        for anchor, title in _HEADING.findall(html)
    ]
