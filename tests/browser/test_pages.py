"""The pages in a real browser: no complaint, nothing that axe-core finds fault with, and they fit the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from kg.reader.reader import Reader
from tests.support.browser import NARROWEST, ON_COLOUR, PHONE, WIDE, Watched, axe, screenshot, watch
from tests.support.servers import Running
from tests.support.session.routes import routes

pytestmark = pytest.mark.system

# A page of every kind that has parameters; those without are found among the routes.
PAGES = {
    "search": "/search?q=osteo", "card on a food": "/search?q=vitamin+K+in+a+cup+of+kale",
    "ranking": "/search?q=which+cheese+has+the+most+k2", "card on an intake": "/search?q=how+much+k2+should+I+take",
    "card on a drug": "/search?q=is+k2+safe+with+warfarin", "card on a proposition": "/search?q=does+k2+lower+fractures",
    "comparison": "/search?q=k1+vs+k2", "raw and cooked": "/search?q=does+cooking+destroy+vitamin+k",
    "search by kind": "/search?type=Food", "search without a hit": "/search?q=zzzzzz",
    "form": "/page/menaquinone-7", "hub": "/page/vitamin-k2", "protein": "/page/osteocalcin",
    "condition": "/page/osteoporosis", "drug": "/page/warfarin", "food of the source": "/page/natto",
    "food of a table": "/page/sr28-11457", "claim": "/page/claim-f034-1", "flawed claim": "/page/claim-f038-2",
    "claims of a hub": "/page/vitamin-k2?claims=SafetyClaim", "picture": "/page/menaquinone-7?view=picture",
    "interaction": "/page/claim-f172-1", "study": "/page/study-ma-2022", "section": "/page/section-dosage",
    "diet": "/diet?food=natto&amount=50&food=sr28-11457&amount=100", "table": "/page/usda-sr28", "class": "/ontology/Menaquinone", "property": "/ontology/hedge",
    "answer": "/sparql?example=circulation-times", "chart": "/sparql?example=foods-by-form",
    "graph": "/sparql?query=DESCRIBE%20%3Chttps://w3id.org/vitk/id/natto%3E",
}  # fmt: skip
PROBLEMS = {"missing": ("/page/menaquinon", 404), "broken query": ("/sparql?query=SELECT", 400)}
API = "/api/v1/"
NOT_FOR_BROWSERS = ("/metrics", "/healthz", "/readyz")


@pytest.fixture(scope="module")
def scripted(browser: Browser, server: Running) -> Iterator[Watched]:
    watched = watch(browser, server.address)
    yield watched
    watched.page.context.close()


@pytest.fixture(scope="module")
def plain(browser: Browser, server: Running) -> Iterator[Watched]:
    watched = watch(browser, server.address, java_script_enabled=False, viewport=PHONE)
    yield watched
    watched.page.context.close()


def look(scripted: Watched, plain: Watched, name: str, path: str, status: int = 200) -> list[str]:
    """What is wrong with a page: with and without scripts, light and dark, wide and on a phone."""
    page, found = scripted.page, []
    scripted.complaints.clear()
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    scripted.go(path, status)
    if page.locator("sparql-editor[ready]").count():
        page.locator("[aria-busy=true]").wait_for(state="detached")
    page.emulate_media(color_scheme="light")
    found += [f"light: {line}" for line in axe(page)]
    screenshot(page, f"{name}-wide-light")
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {line}" for line in axe(page, ON_COLOUR)]
    screenshot(page, f"{name}-wide-dark")
    if scripted.overflow() > 0:
        found.append("too wide for a wide screen")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    if scripted.overflow() > 0:
        found.append("too wide for a phone")
    page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
    if scripted.overflow() > 0:
        found.append("too wide for the narrowest screen")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    screenshot(page, f"{name}-phone-light")
    plain.complaints.clear()
    plain.go(path, status)
    if plain.page.locator("main h1").count() != 1:
        found.append("not one heading without JavaScript")
    return [*found, *scripted.complaints, *plain.complaints]


def glance(scripted: Watched, path: str, *, is_checked: bool = True) -> list[str]:
    """What is wrong with a page on a phone in the light; ``is_checked`` by the rules of axe-core, too."""
    scripted.complaints.clear()
    scripted.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    scripted.page.emulate_media(color_scheme="light")
    scripted.go(path)
    wide = ["too wide for a phone"] if scripted.overflow() > 0 else []
    return [*wide, *(axe(scripted.page) if is_checked else ()), *scripted.complaints]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_without_complaint_and_everybody_can_use_it(scripted: Watched, plain: Watched, name: str) -> None:
    assert look(scripted, plain, name, PAGES[name]) == []


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_shows_without_complaint(scripted: Watched, plain: Watched, name: str) -> None:
    path, status = PROBLEMS[name]
    assert look(scripted, plain, name, path, status) == []


def pages_without_parameters(client: FlaskClient) -> Iterator[str]:
    for rule in routes(client.application):
        if rule.arguments or "GET" not in rule.methods or rule.rule in NOT_FOR_BROWSERS:
            continue
        answer = client.get(rule.rule, headers={"Accept": "text/html"})
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield rule.rule


def test_every_page_without_parameters_shows_without_complaint(
    scripted: Watched, plain: Watched, client: FlaskClient
) -> None:
    paths = [path for path in pages_without_parameters(client) if not path.startswith(API)]
    assert "/" in paths
    wrong = {path: look(scripted, plain, f"route-{path}", path) for path in paths}
    assert {path: found for path, found in wrong.items() if found} == {}


def test_every_answer_of_the_api_shows_without_complaint(
    scripted: Watched, plain: Watched, client: FlaskClient
) -> None:
    """They are one kind of page, which differ in their rows alone.

    One is looked at in every way, others with few rows, and each fourth of them by the rules of axe-core.
    """
    first, *others = (path for path in pages_without_parameters(client) if path.startswith(API))
    others = [short if client.get(short := f"{path}?limit=12").status_code == 200 else path for path in others]
    seen = {path: glance(scripted, path, is_checked=number % 4 == 0) for number, path in enumerate(others)}
    wrong = {first: look(scripted, plain, f"route-{first}", first), **seen}
    assert len(wrong) > 80
    assert {path: found for path, found in wrong.items() if found} == {}


def test_a_page_of_every_class_of_entities_shows_without_complaint(scripted: Watched, reader: Reader) -> None:
    wrong: dict[str, list[str]] = {}
    for counted in reader.release.manifest.counts.entities:
        hits = reader.search.find("", limit=1, class_iri=counted.iri)
        if not hits:
            continue
        wrong[counted.label] = glance(scripted, "/page/" + hits[0].iri.rpartition("/")[2])
    assert len(wrong) > 30
    assert {kind: found for kind, found in wrong.items() if found} == {}


def test_a_table_of_long_addresses_is_no_wider_than_a_phone(browser: Browser, server: Running) -> None:
    watched = watch(browser, server.address, viewport={"width": 390, "height": 800})
    watched.go("/about")
    long = "https://example.org/" + "a/very/long/address/" * 10
    row = f"<table class='address'><tr><td>id:natto</td><td><a href='#'>{long}</a></td><td>{long}</td></tr></table>"
    width = watched.page.evaluate(
        "row => { document.querySelector('main').innerHTML += row; return document.documentElement.scrollWidth; }", row
    )
    assert width <= 390


def test_home_search_and_an_entity_page_work_without_javascript(browser: Browser, server: Running) -> None:
    watched = watch(browser, server.address, java_script_enabled=False)
    page = watched.page
    watched.go("/")
    page.get_by_role("searchbox").fill("mk7")
    page.get_by_role("button", name="Search").click()
    page.locator(".hits").get_by_role("link", name="menaquinone-7", exact=True).first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Menaquinone-7")
    assert watched.complaints == []


@pytest.mark.parametrize("viewport", [WIDE, PHONE])
def test_the_answer_on_a_form_is_in_the_first_screen_and_the_page_is_short(
    browser: Browser, server: Running, viewport: dict[str, int]
) -> None:
    watched = watch(browser, server.address, viewport=viewport)
    watched.go("/page/menaquinone-7")
    answer = watched.page.locator(".answer-lines").bounding_box()
    assert answer and answer["y"] + answer["height"] <= viewport["height"]
    if viewport == WIDE:
        assert watched.page.evaluate("document.documentElement.scrollHeight") <= 4500
    watched.page.get_by_role("navigation", name="On this page").get_by_role("link", name="Claims").click()
    contents = watched.page.get_by_role("navigation", name="On this page").bounding_box()
    assert contents and contents["y"] < 5


def test_the_terms_of_the_ontology_can_be_filtered(browser: Browser, server: Running) -> None:
    watched = watch(browser, server.address)
    watched.go("/ontology")
    watched.page.get_by_label("Filter the terms").fill("long chain")
    assert watched.page.get_by_role("link", name="long-chain menaquinone").is_visible()
    assert not watched.page.get_by_role("link", name="hedge", exact=True).first.is_visible()
    assert watched.complaints == []


def test_the_keyboard_reaches_the_content_first(browser: Browser, server: Running) -> None:
    watched = watch(browser, server.address)
    watched.go("/page/natto")
    watched.page.keyboard.press("Tab")
    assert watched.page.evaluate("document.activeElement.textContent") == "Skip to content"


def test_pages_are_readable_where_modules_were_left_out(browser: Browser, server: Running) -> None:
    watched = watch(browser, server.address)
    watched.page.route("**/static/dist/**", lambda route: route.abort())
    watched.go("/sparql?query=ASK%7B%7D")
    assert watched.page.get_by_role("textbox", name="Query").is_visible()
    assert watched.page.get_by_text("Yes", exact=True).is_visible()


def test_the_first_column_of_numbers_is_as_wide_as_a_phone(browser: Browser, server: Running) -> None:
    watched = watch(browser, server.address, viewport=PHONE)
    watched.go("/page/coronary-heart-disease")
    study = watched.page.locator("table.numbers tbody td:first-child").first.bounding_box()
    assert study
    assert study["width"] > PHONE["width"] / 2


@pytest.mark.parametrize("width", [1280, 1920])
def test_no_link_of_the_footer_stands_alone_on_a_line(browser: Browser, server: Running, width: int) -> None:
    watched = watch(browser, server.address, viewport={"width": width, "height": 900})
    watched.go("/about")
    groups = watched.page.get_by_role("navigation", name="All pages").locator("h2")
    assert len({round((group.bounding_box() or {"y": -1})["y"]) for group in groups.all()}) == 1
