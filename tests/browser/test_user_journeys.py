"""Five tasks of a newcomer, done in a real browser from the home page, each within three clicks."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Watched, watch
from tests.support.servers import Running

pytestmark = pytest.mark.system

MOST_CLICKS = 3


@dataclass
class Newcomer:
    """Somebody who clicks on words; more clicks than three are a failure."""

    page: Page
    clicks: int = 0

    def click(self, words: str, role: str = "link") -> None:
        self.clicks += 1
        assert self.clicks <= MOST_CLICKS, words
        self.page.get_by_role(role, name=words).first.click()  # type: ignore[arg-type]

    def reads(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)


@pytest.fixture
def newcomer(browser: Browser, server: Running) -> Iterator[Newcomer]:
    watched: Watched = watch(browser, server.address)
    watched.go("/")
    yield Newcomer(watched.page)
    assert watched.complaints == []
    watched.page.context.close()


def test_finds_the_foods_of_k2(newcomer: Newcomer) -> None:
    newcomer.click("Which foods contain K2?")
    newcomer.reads("natto")
    newcomer.reads("1,000")


def test_learns_how_much_is_needed(newcomer: Newcomer) -> None:
    newcomer.click("How much do I need?")
    row = newcomer.page.get_by_role("row").filter(has=newcomer.page.get_by_role("link", name="women", exact=True))
    expect(row).to_contain_text("90 µg")


def test_compares_mk_4_with_mk_7_by_a_search(newcomer: Newcomer) -> None:
    newcomer.page.get_by_role("combobox").fill("mk-4 vs mk-7")
    newcomer.click("Search", "button")
    newcomer.click("Compare them side by side")
    expect(newcomer.page.get_by_role("row", name="Side chain")).to_contain_text("4 isoprenoid units")
    expect(newcomer.page.get_by_role("row", name="Side chain")).to_contain_text("7 isoprenoid units")


def test_reads_what_to_do_on_warfarin_by_a_search(newcomer: Newcomer) -> None:
    newcomer.page.get_by_role("combobox").fill("is K2 safe with warfarin?")
    newcomer.click("Search", "button")
    newcomer.reads("should keep their vitamin K intake constant")
    newcomer.reads("Not medical advice")


def test_sees_what_contradicts_that_k2_reduces_fractures(newcomer: Newcomer) -> None:
    newcomer.click("Does K2 reduce fractures?")
    newcomer.reads("A review of 2023 reports conflicting outcomes")
    newcomer.reads("Ma et al. 2022")


def test_downloads_that_as_csv(newcomer: Newcomer, tmp_path: Path) -> None:
    newcomer.click("Does K2 reduce fractures?")
    with newcomer.page.expect_download() as download:
        newcomer.page.locator(".behind").get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "against.csv")
    with (tmp_path / "against.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"true", "false"} == {row["decides"] for row in rows}


def test_opens_its_query_in_the_editor_and_changes_it(newcomer: Newcomer) -> None:
    page = newcomer.page
    newcomer.click("Does K2 reduce fractures?")
    newcomer.click("See and edit the query")
    rows = page.locator(".results tbody tr")
    expect(rows).not_to_have_count(0)
    expect(rows).not_to_have_count(1)
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("LIMIT 1")
    newcomer.click("Run", "button")
    expect(rows).to_have_count(1)
