"""The editor on the SPARQL page, in a real browser."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import PHONE, Watched, axe, run, screenshot, watch, write
from tests.support.servers import Running

pytestmark = pytest.mark.system

FOODS = "SELECT ?food WHERE { ?food a vitk:Food } LIMIT 120"
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def query(page: Page) -> str:
    found = page.evaluate("document.querySelector('sparql-editor').query")
    assert isinstance(found, str)
    return found


def status(page: Page) -> Locator:
    return page.locator(".tools [role=status]")


def cells(page: Page, column: int = 1) -> list[str]:
    return page.locator(f".results tbody tr > :nth-child({column})").all_inner_texts()


def test_a_query_runs_by_key_and_tells_rows_and_time(editor: Watched) -> None:
    page = editor.page
    write(page, "SELECT ?form WHERE { ?form vitk:isFormOf id:vitamin-k2 }")
    page.keyboard.press("Control+Enter")
    expect(status(page)).to_have_text(re.compile(r"^\d+ rows in [\d,]+ ms \(.*\)\.$"))
    assert "menaquinone-7" in cells(page)
    assert query(page).startswith("PREFIX vitk: <https://w3id.org/vitk/ontology#>\nPREFIX id: ")
    assert editor.complaints == []


@pytest.mark.parametrize(
    ("before", "typed", "wanted", "inserted"),
    [("SELECT * WHERE { ?x vitk:counteracts ", "warfar", "warfarin", "id:warfarin"),
     ("SELECT * WHERE { ?x vitk:isFormOf ", "mk-7", "menaquinone-7", "id:menaquinone-7"),
     ("SELECT * WHERE { ?x a ", "protein", "protein", "vitk:Protein"),
     ("SELECT * WHERE { ?x a vitk:Claim ; ", "hedg", "has hedge", "vitk:hedge"),
     ("SELECT * WHERE { ?x vitk:subject ", "spinach", "spinach", "id:spinach")],
)  # fmt: skip
def test_entities_classes_and_properties_are_completed_by_label(
    editor: Watched, before: str, typed: str, wanted: str, inserted: str
) -> None:
    page = editor.page
    write(page, before)
    page.keyboard.type(typed, delay=15)
    first = page.locator(".cm-tooltip-autocomplete li").first
    expect(first.locator(".cm-completionLabel")).to_have_text(wanted)
    # The editor takes no completion that came up just under the finger.
    page.wait_for_timeout(120)
    page.keyboard.press("Enter")
    assert query(page).rstrip().rstrip("}").rstrip().endswith(inserted)
    assert f"PREFIX {inserted.partition(':')[0]}:" in query(page)


def test_properties_that_fit_the_class_of_the_subject_come_first(editor: Watched) -> None:
    page = editor.page
    offered = {}
    for kind in ("vitk:Study", "vitk:Food"):
        write(page, f"SELECT * WHERE {{ ?x a {kind} ; ")
        page.keyboard.press("Control+Space")
        page.locator(".cm-tooltip-autocomplete li").first.wait_for()
        offered[kind] = page.locator(".cm-completionDetail").all_inner_texts()[:12]
        page.keyboard.press("Escape")
    assert "vitk:design" in offered["vitk:Study"]
    assert "vitk:design" not in offered["vitk:Food"]
    assert "vitk:hasMeasurement" in offered["vitk:Food"]


def test_a_known_prefix_declares_itself_while_typing(editor: Watched) -> None:
    page = editor.page
    write(page, "SELECT ?former")
    page.keyboard.press("Control+A")
    page.keyboard.type("ASK { id:natto a vitk:Food }", delay=5)
    page.keyboard.press("Escape")
    assert query(page).count("PREFIX id: <https://w3id.org/vitk/id/>") == 1
    assert query(page).count("PREFIX vitk: <https://w3id.org/vitk/ontology#>") == 1
    run(page)
    expect(page.locator(".results")).to_have_text("Yes")
    assert editor.complaints == []


def test_an_error_of_the_server_is_shown_where_it_is_with_a_hint(editor: Watched) -> None:
    page = editor.page
    write(page, "SELECT ?x WHERE {\n  ?x a vitk:Food\n} ORDR BY ?x")
    page.wait_for_timeout(800)  # Longer than the editor waits before it looks at a query by itself.
    run(page)
    expect(page.get_by_role("alert")).to_contain_text("Did you mean ORDER?")
    marked = page.locator(".cm-lintRange-error")
    expect(marked).to_have_text("ORDR")
    assert axe(page) == []
    screenshot(page, "editor-error")


def test_a_term_that_is_not_in_the_ontology_is_marked_and_mended(editor: Watched) -> None:
    page = editor.page
    write(page, "SELECT * WHERE { ?x vitk:subjct ?y }")
    page.locator(".cm-lintRange-warning").hover()
    page.get_by_role("button", name="Replace with vitk:subject").click()
    assert "?x vitk:subject ?y" in query(page)


def test_a_query_that_runs_can_be_cancelled(editor: Watched) -> None:
    page = editor.page
    write(page, CROSS)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Cancel").click()
    expect(status(page)).to_have_text("Cancelled.")
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    write(page, "ASK {}")
    run(page)
    expect(page.locator(".results")).to_have_text("Yes")
    assert editor.complaints == []


@pytest.mark.parametrize("padding", [0, 400], ids=["short", "long"])
def test_a_shared_link_opens_the_query_on_its_release(browser: Browser, editor: Watched, padding: int) -> None:
    page = editor.page
    write(page, FOODS + "\n# word word word" * padding)
    run(page)
    page.get_by_role("button", name="Share").click()
    address = page.get_by_label("Link to this query on this release").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert len(parse_qs(urlsplit(address).query)["release"][0]) == 12
    other = watch(browser, editor.host)
    other.go(address.removeprefix(editor.host))
    expect(other.page.get_by_text("Pinned to release")).to_be_visible()
    expect(status(other.page)).to_have_text(re.compile(r"^120 rows"))
    assert query(other.page) == query(page)
    assert other.complaints == editor.complaints == []
    other.page.context.close()


@pytest.mark.parametrize(
    ("text", "fmt", "check"),
    [(FOODS, "CSV", lambda text: len(list(csv.reader(io.StringIO(text)))) == 121),
     (FOODS, "SPARQL JSON", lambda text: text.startswith("{")),
     ("DESCRIBE id:natto", "N-Triples", lambda text: "<https://w3id.org/vitk/id/natto>" in text)],
)  # fmt: skip
def test_an_answer_is_downloaded_whole(editor: Watched, text: str, fmt: str, check: Callable[[str], bool]) -> None:
    page = editor.page
    write(page, text)
    run(page)
    page.get_by_text("Download", exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("button", name=fmt, exact=True).click()
    assert check(Path(started.value.path()).read_text("utf-8"))


def test_the_table_sorts_pages_and_shows_labels_or_iris(editor: Watched) -> None:
    page = editor.page
    write(page, "SELECT ?form ?units WHERE { ?form vitk:isoprenoidUnitCount ?units }")
    run(page)
    page.get_by_role("button", name="units").click()
    ascending = [int(text) for text in cells(page, 2)]
    assert ascending == sorted(ascending)
    page.get_by_role("button", name="units").click()
    assert cells(page, 2) == [str(number) for number in reversed(ascending)]
    expect(page.get_by_role("columnheader", name="units")).to_have_attribute("aria-sort", "descending")
    assert "menaquinone-7" in cells(page)
    page.get_by_label("labels").uncheck()
    assert "id:menaquinone-7" in cells(page)
    write(page, FOODS)
    run(page)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Rows 51 to 100 of 120")).to_be_visible()
    assert axe(page) == []


def test_examples_are_found_by_words_and_opened_in_a_tab(editor: Watched) -> None:
    page = editor.page
    page.get_by_role("button", name="Examples").click()
    page.get_by_label("Find a query").fill("circulat")
    assert axe(page) == []
    screenshot(page, "editor-examples")
    page.get_by_role("dialog").get_by_role("link").first.click()
    expect(page.locator("#answer")).to_be_visible()
    assert page.get_by_role("tab").count() == 2
    assert editor.complaints == []


def test_tabs_and_history_last_in_this_browser(editor: Watched) -> None:
    page = editor.page
    write(page, "ASK { id:natto ?p ?o }")
    run(page)
    page.get_by_role("button", name="New tab").click()
    write(page, FOODS)
    run(page)
    editor.go("/sparql")
    assert page.get_by_role("tab").count() == 2
    assert FOODS in query(page)
    page.get_by_role("tab", selected=True).focus()
    page.keyboard.press("ArrowRight")
    assert "id:natto" in query(page)
    page.get_by_role("button", name="Close tab").click()
    assert page.get_by_role("tab").count() == 1
    page.get_by_role("button", name="History").click()
    assert axe(page) == []
    page.get_by_role("button", name=re.compile("ASK")).click()
    expect(page.locator(".results")).to_have_text("Yes")
    assert page.get_by_role("tab").count() == 2


def test_a_remark_of_the_server_is_shown(editor: Watched) -> None:
    page = editor.page
    write(page, "SELECT ?x WHERE { ?x <https://w3id.org/vitk/ontology#subjct> ?y }")
    run(page)
    expect(page.locator(".results .note")).to_contain_text("subjct")


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT * WHERE { ?s a vitk:Menaquinone ; ?p ?o } LIMIT 2", ["s", "p", "o"]),
        ("SELECT DISTINCT * { ?z rdfs:label ?a } LIMIT 2", ["z", "a"]),
        ("SELECT ?b ?a { ?a rdfs:label ?b } LIMIT 2", ["b", "a"]),
        ("SELECT ?x ?xLabel { ?x a vitk:Vitamin ; rdfs:label ?xLabel } LIMIT 2", ["x", "xLabel"]),
    ],
)
def test_columns_are_those_of_the_query_in_its_order(editor: Watched, text: str, columns: list[str]) -> None:
    write(editor.page, text)
    run(editor.page)
    assert editor.page.locator(".results thead button").all_inner_texts() == columns


def test_a_result_without_rows_says_so(editor: Watched) -> None:
    write(editor.page, "SELECT ?x WHERE { ?x a <https://example.org/Nothing> }")
    run(editor.page)
    expect(editor.page.locator(".results")).to_contain_text("No rows: nothing in the graph matches")


def test_a_tab_has_the_title_of_the_query_that_is_in_it(editor: Watched) -> None:
    tab = editor.page.get_by_role("tab", selected=True)
    write(editor.page, "# title: Forms of the vitamin\nASK {}")
    expect(tab).to_have_text("Forms of the vitamin")
    write(editor.page, "ASK {}")
    expect(tab).to_have_text("Query 1")


def test_tab_leaves_the_editor(editor: Watched) -> None:
    page = editor.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"


def test_the_editor_fits_a_phone_and_axe_finds_nothing_while_completing(editor: Watched) -> None:
    page = editor.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    write(page, "SELECT * WHERE { ?x vitk:subject ")
    page.keyboard.type("osteo")
    page.locator(".cm-tooltip-autocomplete li").first.wait_for()
    assert editor.overflow() == 0
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == []
        screenshot(page, f"editor-completing-phone-{scheme}")


def test_without_javascript_the_form_answers_with_a_table_and_links_to_files(browser: Browser, server: Running) -> None:
    watched = watch(browser, server.address, java_script_enabled=False)
    page = watched.page
    watched.go("/sparql")
    page.get_by_role("textbox", name="Query").fill("PREFIX vitk: <https://w3id.org/vitk/ontology#>\n" + FOODS)
    page.get_by_role("button", name="Run").click()
    assert page.locator(".results tbody tr").count() == 120
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    assert len(Path(started.value.path()).read_text("utf-8").splitlines()) == 121
    assert watched.complaints == []
