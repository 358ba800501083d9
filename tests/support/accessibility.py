"""The accessibility tree that Chromium gives to screen readers, in the order of the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

# Chromium calls them so; the first four may stand in a document once.
LANDMARKS = ("banner", "main", "contentinfo", "search", "navigation", "complementary", "form", "region")


@dataclass(frozen=True)
class Node:
    """A node that is not ignored.

    Attributes:
        role: as Chromium names it, such as ``heading``, ``link`` or ``DisclosureTriangle``.
        name: the accessible name.
        level: of a heading, or 0.
        url: of a link, or "".
        within: the names of the navigations around it, or the role of the closest other landmark.
    """

    role: str
    name: str
    level: int
    url: str
    within: str


def tree(page: Page) -> list[Node]:
    """Returns the nodes of the page that is open."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return list(_below(nodes[0], {node["nodeId"]: node for node in nodes}, ""))


def _below(raw: dict[str, Any], by_id: dict[str, dict[str, Any]], within: str) -> Iterator[Node]:
    role, name = raw.get("role", {}).get("value", ""), raw.get("name", {}).get("value", "")
    if not raw["ignored"]:
        values = {one["name"]: one["value"].get("value") for one in raw.get("properties", ())}
        yield Node(role, name.strip(), int(values.get("level") or 0), values.get("url") or "", within)
        if role in LANDMARKS and role != "region":
            within = f"{role} {name}".strip()
    for child in raw.get("childIds", ()):
        if child in by_id:
            yield from _below(by_id[child], by_id, within)
