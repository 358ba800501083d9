"""The search box in a real browser: a combobox that the keyboard works, a plain form without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.servers import Running

pytestmark = pytest.mark.system


@pytest.fixture
def home(browser: Browser, server: Running) -> Iterator[Page]:
    """The home page, with every console error collected on it."""
    page = browser.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server.address)
    yield page
    assert errors == []
    page.close()


def test_typing_suggests_and_the_arrow_keys_choose(home: Page) -> None:
    box = home.get_by_role("combobox")
    box.press_sequentially("mk-7")
    expect(home.get_by_role("option").first).to_contain_text("menaquinone-7")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    first = home.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    box.press("ArrowUp")
    expect(first).to_have_attribute("aria-selected", "false")
    box.press("ArrowUp")
    expect(home.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    expect(home.get_by_role("heading", level=1)).to_contain_text("menaquinone-7")


def test_escape_closes_the_list_and_keeps_what_was_typed(home: Page) -> None:
    box = home.get_by_role("combobox")
    box.press_sequentially("natto")
    expect(home.get_by_role("listbox")).to_be_visible()
    box.press("Escape")
    expect(home.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("natto")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_enter_without_a_choice_searches(home: Page) -> None:
    box = home.get_by_role("combobox")
    box.press_sequentially("sourkraut")
    expect(home.get_by_role("option").first).to_contain_text("sauerkraut")
    box.press("Enter")
    expect(home.get_by_role("heading", level=1)).to_contain_text("for “sourkraut”")


def test_a_click_on_a_suggestion_leads_to_its_page(home: Page) -> None:
    home.get_by_role("combobox").press_sequentially("P02818")
    home.get_by_role("option").first.click()
    expect(home.get_by_role("heading", level=1)).to_contain_text("osteocalcin")
