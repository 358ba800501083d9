"""Charts of the query page, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import PHONE, Watched, axe, run, screenshot, write

pytestmark = pytest.mark.system


def test_numbers_are_drawn_as_bars(editor: Watched) -> None:
    page = editor.page
    write(page, "# chart: bar form units\nSELECT ?form ?units WHERE { ?form vitk:isoprenoidUnitCount ?units }")
    run(page)
    bars = page.locator(".chart rect")
    assert bars.count() >= 10
    page.get_by_role("button", name="Table").click()
    expect(bars).to_have_count(0)
    page.get_by_role("button", name="Chart").click()
    assert axe(page) == []
    screenshot(page, "editor-chart")


def test_bars_are_in_one_unit_which_they_tell(editor: Watched) -> None:
    page = editor.page
    write(
        page,
        """# chart: bar name amount
# unit: ?amount = ?unit
SELECT ?name ?amount ?unit WHERE {
  VALUES (?name ?amount ?unit) { ("one" 6 unit:HR) ("two" 96 unit:HR) ("three" 4 unit:DAY) ("four" UNDEF unit:HR) }
}""",
    )
    run(page)
    caption = page.locator(".chart figcaption")
    assert page.locator(".chart .value").all_text_contents() == ["6 h", "96 h"]
    expect(caption).to_have_text("1 row without a number is not shown. 1 row in another unit than h is not shown.")
    page.get_by_label("labels").uncheck()
    assert page.locator(".chart .value").all_text_contents() == ["6 unit:HR", "96 unit:HR"]


def test_bars_fit_a_phone(editor: Watched) -> None:
    page = editor.page
    write(page, "# chart: bar form units\nSELECT ?form ?units WHERE { ?form vitk:isoprenoidUnitCount ?units }")
    run(page)
    chart = page.locator(".chart")
    expect(chart.locator("svg")).to_have_attribute("viewBox", re.compile("^0 0 900 "))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    expect(chart.locator("svg")).to_have_attribute("viewBox", re.compile("^0 0 360 "))
    assert chart.evaluate("chart => chart.scrollWidth - chart.clientWidth") == 0
    right = chart.evaluate("chart => chart.getBoundingClientRect().right")
    ends = [value.bounding_box() for value in page.locator(".chart .value").all()]
    assert max(end["x"] + end["width"] for end in ends if end) <= right
    assert axe(page) == []
    screenshot(page, "editor-chart-phone")
