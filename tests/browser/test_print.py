"""Pages on paper: what is read stays, with where it is from; what is clicked and coloured areas go; nothing is cut off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import Watched, screenshot, watch
from tests.support.servers import Running

pytestmark = pytest.mark.system

# What A4 leaves between margins of 15 mm.
SHEET = {"width": 680, "height": 960}
PAGES = {
    "form": "/page/menaquinone-7", "drug": "/page/warfarin", "proposition": "/page/proposition-k2-lowers-fracture",
    "condition": "/page/hip-fracture", "intakes": "/intakes", "home": "/", "food": "/page/natto",
    "diet": "/diet?day=Mon&food=natto&amount=50&measure=g&day=Tue&food=kale&amount=80&measure=g",
    "foods": "/foods?form=phylloquinone", "sections": "/sections",
}  # fmt: skip
CUT_OFF = """() => [...document.querySelectorAll("table, figure, svg, pre, p, dl")]
    .filter(one => one.getBoundingClientRect().width && !one.closest(".hidden"))
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(one => one.outerHTML.slice(0, 80))"""
COLOURED = """() => [...document.querySelectorAll("main, main *, footer, footer *")]
    .filter(one => getComputedStyle(one).display !== "none")
    .filter(one => !["rgba(0, 0, 0, 0)", "transparent"].includes(getComputedStyle(one).backgroundColor))
    .map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def sheet(browser: Browser, server: Running) -> Watched:
    watched = watch(browser, server.address, viewport=SHEET)
    watched.page.emulate_media(media="print")
    return watched


@pytest.mark.parametrize(("name", "path"), PAGES.items())
def test_a_printed_page_is_complete_plain_and_says_where_it_is_from(sheet: Watched, name: str, path: str) -> None:
    page = sheet.page
    sheet.go(path)
    for clicked in ("nav", "button", "form.find", ".files", ".behind"):
        assert page.locator(clicked).locator("visible=true").count() == 0, clicked
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(COLOURED) == []
    expect(page.locator(".on-paper")).to_have_text(sheet.host + path)
    expect(page.get_by_text("It is not medical advice")).to_be_visible()
    expect(page.get_by_text(re.compile("^Release [0-9a-f]+ of ")).last).to_be_visible()
    if path.startswith("/page/"):
        iri = "https://w3id.org/vitk/id/" + path.rpartition("/")[2]
        expect(page.locator(".infobox").get_by_text(iri)).to_be_visible()
        expect(page.locator("#cite ~ .citation, .citation").first).to_contain_text(iri)
    screenshot(page, f"printed-{name}")


def test_a_page_becomes_a_pdf_of_few_sheets(sheet: Watched) -> None:
    sheet.go("/intakes")
    pdf = sheet.page.pdf(format="A4", margin={"top": "15mm", "bottom": "15mm", "left": "15mm", "right": "15mm"})
    assert pdf.startswith(b"%PDF-")
    assert 1 < len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 6
