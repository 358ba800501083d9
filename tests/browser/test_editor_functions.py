"""What the editor offers around a query: its address, its meaning, parameters, saved queries, and views of the result."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Watched, axe, box, run, screenshot, write

pytestmark = pytest.mark.system

FORMS = "SELECT ?form WHERE { ?form vitk:isFormOf id:vitamin-k2 } ORDER BY ?form"
FOODS = "SELECT ?food WHERE { ?food a vitk:Food } LIMIT 60"
GRAPH = "CONSTRUCT WHERE { ?form vitk:isFormOf ?vitamin ; rdfs:label ?label } LIMIT 40"


def text_of(page: Page) -> str:
    found = page.evaluate("document.querySelector('sparql-editor').query")
    assert isinstance(found, str)
    return found


def rows(page: Page) -> int:
    return page.locator(".results tbody tr").count()


def toolbar(page: Page, name: str) -> None:
    page.locator(".tools").get_by_role("button", name=name, exact=True).click()


def test_the_address_follows_the_queries_that_ran_and_back_leads_to_those_before(editor: Watched) -> None:
    page = editor.page
    for query in (FORMS, FOODS):
        write(page, query)
        run(page)
        expect(page.locator(".results tbody tr").first).to_be_visible()
        assert quote(query.split("{")[0].split()[-1]) in page.url
    address = page.url
    page.go_back()
    expect(page.locator(".results tbody")).to_contain_text("menaquinone-7")
    assert "vitk:isFormOf" in text_of(page)
    page.go_forward()
    assert "a vitk:Food" in text_of(page)
    assert page.url == address
    page.reload()
    assert "a vitk:Food" in text_of(page)
    assert editor.complaints == []


def test_the_result_comes_into_view(editor: Watched) -> None:
    page = editor.page
    write(page, FOODS)
    run(page)
    heading = page.get_by_role("heading", name="Result")
    expect(heading).to_be_in_viewport()


def test_formatting_by_button_or_key_keeps_comments(editor: Watched) -> None:
    page = editor.page
    for by_key in (False, True):
        write(page, "select ?a where{?a a vitk:Food . # foods\n filter(?a != id:natto)}")
        if by_key:
            box(page).focus()
            page.keyboard.press("Shift+Alt+F")
        else:
            toolbar(page, "Format")
        assert "SELECT ?a WHERE{\n  ?a a vitk:Food . # foods\n  FILTER(?a != id:natto)\n}" in text_of(page)


@pytest.mark.parametrize(
    ("term", "said"),
    [("vitk:isFormOf", "is a form of"), ("id:natto", "natto"), ("vitk:Food", "food")],
)
def test_a_term_is_explained_by_pointer_and_by_key(editor: Watched, term: str, said: str) -> None:
    page = editor.page
    write(page, f"ASK {{ ?x ?y {term} }}")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("F2")
    expect(page.locator(".tools [role=status]")).to_contain_text(said)
    page.locator(".cm-line").get_by_text(term).hover()
    expect(page.locator(".cm-meaning strong")).to_have_text(re.compile(said, re.IGNORECASE))


def test_parameters_of_an_example_are_fields_that_fill_it(editor: Watched) -> None:
    page = editor.page
    editor.go("/sparql?example=foods-by-form")
    form = page.get_by_role("form", name="Parameters of this example")
    field = form.locator("[name=form]")
    expect(field).to_be_visible()
    field.fill("menaquinone-4")
    form.get_by_role("button", name="Use these values").click()
    expect(form.get_by_role("alert")).to_have_text("")
    expect(page.locator(".cm-content")).to_contain_text("/id/menaquinone-4>")
    field.fill("menaquinon-44")
    form.get_by_role("button", name="Use these values").click()
    expect(form.get_by_role("alert")).to_contain_text("menaquinone")
    assert axe(page) == []


def test_saved_queries_last_and_travel_in_a_file(editor: Watched, tmp_path: Path) -> None:
    page = editor.page
    write(page, FORMS)
    toolbar(page, "Saved")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("My <forms> & “more”")
    dialog.get_by_role("button", name="Save this query").click()
    expect(dialog.get_by_role("status")).to_have_text("Saved “My <forms> & “more””.")
    with page.expect_download() as started:
        dialog.get_by_role("button", name="Export as a file").click()
    file = tmp_path / "queries.json"
    started.value.save_as(file)
    assert [one["name"] for one in json.loads(file.read_text("utf-8"))["queries"]] == ["My <forms> & “more”"]
    page.reload()
    toolbar(page, "Saved")
    dialog.get_by_role("button", name="Delete My <forms>").click()
    expect(dialog.get_by_role("status")).to_contain_text("Deleted")
    dialog.get_by_label("Import a file").set_input_files(file)
    expect(dialog.get_by_role("status")).to_have_text("Imported 1 query.")
    assert axe(page) == []
    dialog.locator("li.saved strong").click()
    assert "vitk:isFormOf id:vitamin-k2" in text_of(page)
    for content in ("no JSON", '{"queries": 3}', '{"queries": [{"name": 1}]}', "null"):
        file.write_text(content, "utf-8")
        toolbar(page, "Saved")
        dialog.get_by_label("Import a file").set_input_files(file)
        expect(dialog.get_by_role("status")).to_have_text("This is not a file of saved queries.")
        assert dialog.locator("li.saved").count() == 1
        page.keyboard.press("Escape")
    assert editor.complaints == []


def test_rows_are_filtered_and_copied_as_a_spreadsheet_reads_them(editor: Watched) -> None:
    page = editor.page
    write(page, FORMS)
    run(page)
    expect(page.locator(".results tbody tr").first).to_be_visible()
    every = rows(page)
    page.get_by_label("Filter rows").fill("menaquinone-7")
    assert 0 < rows(page) < every
    expect(page.locator(".results .within [role=status]")).to_have_text(re.compile(rf"of {every} rows"))
    page.get_by_role("button", name="Copy table").click()
    expect(page.locator(".results .within [role=status]")).to_contain_text("copied")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied[0] == "form"
    assert len(copied) == rows(page) + 1
    page.get_by_label("Filter rows").fill("")
    assert rows(page) == every


def test_a_graph_is_a_table_a_drawing_and_turtle(editor: Watched) -> None:
    page = editor.page
    write(page, GRAPH)
    run(page)
    expect(page.get_by_role("columnheader")).to_have_text(["subject", "predicate", "object"])
    assert rows(page) > 10
    views = page.get_by_role("group", name="View")
    views.get_by_role("button", name="Graph").click()
    drawing = page.get_by_role("figure", name="The graph")
    expect(drawing.locator("svg text", has_text="menaquinone-7").first).to_be_attached()
    assert drawing.locator("svg line").count() > 3
    expect(drawing.locator("figcaption")).to_contain_text("triples are in the table only")
    screenshot(page, "editor-graph")
    assert axe(page) == []
    views.get_by_role("button", name="Turtle").click()
    expect(page.get_by_role("region", name="The graph in Turtle")).to_contain_text("isFormOf")
    assert editor.complaints == []


def test_code_in_four_languages_is_copied(editor: Watched) -> None:
    page = editor.page
    write(page, FORMS)
    toolbar(page, "Code")
    dialog = page.get_by_role("dialog")
    for language in ("curl", "Python", "R", "JavaScript"):
        dialog.get_by_role("button", name=f"Copy the code in {language}", exact=True).click()
        expect(dialog.get_by_role("region", name=f"Code in {language}", exact=True)).to_contain_text("vitk:isFormOf")
        assert "vitk:isFormOf" in page.evaluate("navigator.clipboard.readText()")
    assert axe(page) == []
