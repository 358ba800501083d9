"""What tests in a real browser share: a page whose every complaint is noted, what axe-core finds on it, the editor."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, Locator, Page, Request

PHONE = {"width": 390, "height": 844}
# At which WCAG 2.2 asks that nothing needs scrolling in two directions (1.4.10).
NARROWEST = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 900}
HIGHEST_PICTURE = 8000
# As Chromium calls them.
LANDMARKS = ("banner", "main", "contentinfo", "search", "navigation", "complementary", "form", "region")


@dataclass
class Watched:
    """A page and what went wrong on it: console errors, breaches of the policy, requests off the host."""

    page: Page
    host: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str, status: int = 200) -> None:
        """Goes to a path of the server, which must answer with this status."""
        answer = self.page.goto(self.host + path, wait_until="load")
        assert answer
        assert answer.status == status, path
        if status >= 400:
            self.complaints[:] = [text for text in self.complaints if f"status of {status}" not in text]

    def overflow(self) -> int:
        """How many pixels the page is wider than the screen."""
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert isinstance(wider, int)
        return wider


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


def watch(browser: Browser, host: str, **options: Any) -> Watched:
    """A page in a context of its own."""
    page = browser.new_context(viewport=options.pop("viewport", WIDE), **options).new_page()
    watched = Watched(page, host)

    def on_request(request: Request) -> None:
        if not request.url.startswith((host, "data:", "blob:" + host)):
            watched.complaints.append(f"request off the host: {request.url}")

    page.on("request", on_request)
    page.on("console", lambda message: watched.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    return watched


# The rules of axe-core that depend on light or dark, of those that it runs unless asked for others.
ON_COLOUR = ("color-contrast", "link-in-text-block")


def axe(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds fault with: a line for each rule, with the first elements.

    Args:
        page: that is open.
        rules: names of the rules that are run; () for those that axe-core runs unless asked for others.
    """
    # Evaluated by the browser's debugger, which the content policy does not bind.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe_source())
    chosen = {"resultTypes": ["violations"], **({"runOnly": {"type": "rule", "values": list(rules)}} if rules else {})}
    found = page.evaluate("options => axe.run(document, options)", chosen)
    return [
        f"{rule['id']}: {rule['help']}: " + "; ".join(str(node["html"])[:150] for node in rule["nodes"][:3])
        for rule in found["violations"]
    ]


def accessibility_tree(page: Page) -> list[Node]:
    """What Chromium gives to screen readers of the page that is open, in the order of the document."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return list(_below(nodes[0], {node["nodeId"]: node for node in nodes}, ""))


def screenshot(page: Page, name: str) -> None:
    """Keeps a picture where ``VITK_SCREENSHOTS`` says, of a very long page its upper part."""
    if folder := os.environ.get("VITK_SCREENSHOTS"):
        path = Path(folder) / f"{re.sub('[^a-z0-9-]+', '-', name.lower())}.png"
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": size[0], "height": min(size[1], HIGHEST_PICTURE)}
        page.screenshot(path=path, full_page=True, clip=clip)  # type: ignore[arg-type]


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="SPARQL query")


def write(page: Page, text: str) -> None:
    """Replaces what is in the editor, as by pasting."""
    page.evaluate(
        """text => {
            const {view} = document.querySelector("sparql-editor");
            const changes = {from: 0, to: view.state.doc.length, insert: text};
            view.dispatch({changes, selection: {anchor: text.length}, userEvent: "input.paste"});
        }""",
        text,
    )
    box(page).focus()


def run(page: Page) -> None:
    page.get_by_role("button", name="Run").click()
    page.locator(".results[aria-busy=true]").wait_for(state="detached")


@cache
def _axe_source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


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
