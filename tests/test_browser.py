"""The pages in a real browser: no console error, no breach of the policy, no request off the host."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import Running
from playwright.sync_api import Browser, Page, Request, sync_playwright

pytestmark = pytest.mark.system

SIZES = {"phone": (390, 844), "wide": (1280, 900)}
PAGES = {
    "home": "/", "search": "/search?q=osteo", "kind": "/search?kind=Food", "form": "/page/menaquinone-7",
    "hub": "/page/vitamin-k2", "protein": "/page/osteocalcin", "condition": "/page/osteoporosis",
    "claim": "/page/claim-f034-1", "section": "/page/section-dosage", "sparql": "/sparql", "about": "/about", "missing": "/page/menaquinon",
}  # fmt: skip


@dataclass
class Watched:
    page: Page
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium")
    assert found, "Debian's chromium is missing: apt-get install chromium"
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield browser
        browser.close()


def watch(browser: Browser, host: str, **options: Any) -> Watched:
    page = browser.new_context(**options).new_page()
    watched = Watched(page)

    def on_request(request: Request) -> None:
        url = request.url
        if not url.startswith((host, "data:")):
            watched.complaints.append(f"request off the host: {url}")

    page.on("request", on_request)
    page.on("console", lambda message: watched.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    return watched


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_without_complaint_and_fits_the_screen(
    browser: Browser, server: Running, name: str, size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    watched = watch(
        browser,
        server.address,
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        java_script_enabled=True,
    )
    page = watched.page
    page.goto(server.address + PAGES[name])
    if name == "missing":
        watched.complaints = [text for text in watched.complaints if "404" not in text]
    assert watched.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("VITK_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}-{size}-{scheme}.png", full_page=size == "wide")
    page.context.close()


def test_home_search_and_an_entity_page_work_without_javascript(browser: Browser, server: Running) -> None:
    watched = watch(browser, server.address, java_script_enabled=False)
    page = watched.page
    page.goto(server.address)
    page.get_by_role("searchbox").fill("mk7")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="menaquinone-7", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("menaquinone-7")
    assert watched.complaints == []


def test_a_starting_question_is_answered_as_a_table_and_can_be_changed(browser: Browser, server: Running) -> None:
    watched = watch(browser, server.address)
    page = watched.page
    page.goto(server.address)
    page.get_by_role("link", name="How long do MK-4 and MK-7 stay").click()
    assert page.get_by_role("cell", name="menaquinone-7").count() >= 1
    page.get_by_label("Query").fill("SELECT ?x WHERE { ?x vitk:subject ?y }")
    page.get_by_role("button", name="Run").click()
    assert "PREFIX vitk:" in page.get_by_role("alert").inner_text()


def test_the_keyboard_reaches_the_content_first(browser: Browser, server: Running) -> None:
    page = watch(browser, server.address).page
    page.goto(server.address + "/page/natto")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
