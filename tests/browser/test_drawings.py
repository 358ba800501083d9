"""Drawings on pages, in a real browser: charts on every screen, and the picture of connections."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import NARROWEST, PHONE, WIDE, axe, screenshot, watch
from tests.support.servers import Running

pytestmark = pytest.mark.system

PAGES = ("/page/phylloquinone", "/page/warfarin", "/page/proposition-k2-lowers-fracture", "/intakes", "/foods?form=phylloquinone&per=serving")  # fmt: skip


@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "dark"), (PHONE, "light"), (NARROWEST, "dark")])
def test_a_chart_fits_every_screen_and_axe_finds_nothing(
    browser: Browser, server: Running, viewport: dict[str, int], scheme: str
) -> None:
    watched = watch(browser, server.address, viewport=viewport, color_scheme=scheme)
    for path in PAGES:
        watched.go(path)
        charts = watched.page.locator(".chart-figure > svg:visible")
        assert charts.count() == watched.page.locator(".chart-figure:has(> svg)").count() > 0
        for place in range(charts.count()):
            box = charts.nth(place).bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= viewport["width"]
            # What is written in it can be read.
            size = charts.nth(place).evaluate("svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width")
            assert 12 * size >= 9
        assert watched.overflow() == 0
        assert axe(watched.page) == []
        screenshot(watched.page, f"charts {path} {viewport['width']} {scheme}")
    assert watched.complaints == []


def test_the_picture_of_connections_shows_its_start_folds_and_starts_again(browser: Browser, server: Running) -> None:
    watched = watch(browser, server.address, viewport=PHONE)
    page = watched.page
    watched.go("/page/osteocalcin?view=picture")
    page.get_by_role("button", name="Explore step by step").click()
    start = page.locator(".neighbourhood .start").bounding_box()
    assert start and 0 <= start["x"] < PHONE["width"]
    grow, is_open = page.locator(".grow"), page.locator(".grow[aria-expanded=true]")
    first = grow.count()
    grow.first.click()
    expect(is_open).to_have_count(1)
    assert grow.count() > first
    is_open.click()
    expect(is_open).to_have_count(0)
    assert grow.count() == first
    grow.first.click()
    expect(is_open).to_have_count(1)
    page.get_by_role("button", name="Start again").click()
    assert grow.count() == first
    assert "incoming=" in str(page.locator(".neighbourhood a:has(.more)").first.get_attribute("href"))
    assert axe(page) == []
    assert watched.complaints == []


def test_names_of_files_are_not_broken_letter_by_letter_on_a_phone(browser: Browser, server: Running) -> None:
    watched = watch(browser, server.address, viewport=PHONE)
    watched.go("/dataset")
    heights = watched.page.locator(".dumps td:first-child a").evaluate_all("links => links.map(a => a.offsetHeight)")
    assert heights
    assert max(heights) < 40
    assert watched.overflow() == 0
