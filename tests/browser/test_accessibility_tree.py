"""What screen readers get of five pages, and what the keyboard alone reaches."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Node, Watched, accessibility_tree, watch
from tests.support.servers import Running

pytestmark = pytest.mark.system

PAGES = {
    "home": "/", "form": "/page/menaquinone-7", "proposition": "/page/proposition-k2-lowers-fracture",
    "editor": "/sparql?example=results-for-an-outcome", "search": "/search?q=does+k2+lower+fractures",
}  # fmt: skip
ONCE = ("banner", "main", "contentinfo", "search")
NEED_A_NAME = {
    "navigation", "complementary", "form", "region", "table", "grid", "figure", "image", "img", "button", "link",
    "textbox", "searchbox", "combobox", "checkbox", "radio", "tab", "tablist", "listbox", "DisclosureTriangle",
}  # fmt: skip
# A name is heard each time that something is met; what is longer is a description.
LONGEST_NAME = 250
# So often the Tab key may be pressed on the way to the search box of the home page.
MOST_TABS = 12


@pytest.fixture(scope="module")
def window(browser: Browser, server: Running) -> Iterator[Watched]:
    watched = watch(browser, server.address)
    yield watched
    watched.page.context.close()


@pytest.fixture(scope="module")
def nodes_of(window: Watched) -> Callable[[str], list[Node]]:
    """Gives the nodes of a page, which is opened once."""
    found: dict[str, list[Node]] = {}

    def nodes(name: str) -> list[Node]:
        if name not in found:
            window.go(PAGES[name])
            if name == "editor":
                expect(window.page.locator(".results tbody tr")).not_to_have_count(0)
            found[name] = accessibility_tree(window.page)
        return found[name]

    return nodes


@pytest.fixture(params=PAGES)
def nodes(nodes_of: Callable[[str], list[Node]], request: pytest.FixtureRequest) -> list[Node]:
    return nodes_of(request.param)


def test_one_heading_of_the_first_level_and_no_level_is_skipped(nodes: list[Node]) -> None:
    levels = [node.level for node in nodes if node.role == "heading"]
    assert levels.count(1) == 1
    assert [step for step in pairwise(levels) if step[1] > step[0] + 1] == []


def test_landmarks_stand_once_or_have_names_of_their_own(nodes: list[Node]) -> None:
    roles = Counter(node.role for node in nodes)
    assert {role: roles[role] for role in ONCE} == dict.fromkeys(ONCE, 1)
    names = Counter((node.role, node.name) for node in nodes if node.role in ("navigation", "complementary", "region"))
    assert {"Main", "All pages"} <= {name for role, name in names if role == "navigation"}
    assert {name: count for name, count in names.items() if count > 1} == {}


def test_tables_charts_and_controls_have_names_and_no_name_is_an_essay(nodes: list[Node]) -> None:
    assert [node for node in nodes if node.role in NEED_A_NAME and not node.name] == []
    named = NEED_A_NAME - {"link"} | {"group"}
    assert [node for node in nodes if node.role in named and len(node.name) > LONGEST_NAME] == []


def test_links_of_one_name_lead_to_one_place(nodes: list[Node]) -> None:
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for node in nodes:
        if node.role == "link":
            places[node.within, node.name].add(node.url)
    assert len(places) > 20
    assert {name: urls for name, urls in places.items() if len(urls) > 1} == {}


def test_counts_of_tables_and_charts_show_that_the_tree_was_complete(nodes_of: Callable[[str], list[Node]]) -> None:
    roles = {name: Counter(node.role for node in nodes_of(name)) for name in PAGES}
    assert roles["home"]["table"] >= 1
    assert roles["form"]["table"] >= 3 <= roles["form"]["figure"]
    assert roles["proposition"]["table"] >= 5
    assert roles["editor"]["textbox"] >= 1 <= roles["editor"]["table"]


def focused(page: Page, expression: str) -> object:
    return page.evaluate(f"(element => {expression})(document.activeElement)")


def test_the_skip_link_leads_past_the_header(window: Watched) -> None:
    window.go("/page/natto")
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Enter")
    window.page.keyboard.press("Tab")
    assert focused(window.page, "element.closest('main') !== null")


def test_a_search_and_its_first_result_need_no_pointer(window: Watched) -> None:
    window.go("/")
    keyboard = window.page.keyboard
    for _ in range(MOST_TABS):
        keyboard.press("Tab")
        if focused(window.page, "element.name") == "q":
            break
    keyboard.type("natto")
    keyboard.press("Enter")
    window.page.wait_for_url("**/search?q=natto")
    keyboard.press("Tab")
    keyboard.press("Enter")
    for _ in range(MOST_TABS):
        keyboard.press("Tab")
        if focused(window.page, "element.closest('main') !== null"):
            break
    assert str(focused(window.page, "element.href")).endswith("/page/natto")
    keyboard.press("Enter")
    expect(window.page.get_by_role("heading", level=1)).to_contain_text("natto", ignore_case=True)


def test_the_contents_lead_to_a_section_from_which_tab_goes_on(window: Watched) -> None:
    window.go("/page/menaquinone-7")
    contents = window.page.get_by_role("navigation", name="On this page")
    contents.get_by_role("link", name="Claims").focus()
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**#claims")
    window.page.keyboard.press("Tab")
    assert focused(window.page, "element.closest('section').getAttribute('aria-labelledby')") == "claims"
    heading = window.page.locator("#claims").bounding_box()
    assert heading
    assert 0 <= heading["y"] < 450
