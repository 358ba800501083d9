"""Twenty tasks of people, researchers and developers, each from the home page by one search or at most three clicks.

What must be on the first screen is read from the graph. What people look for must be there on a phone, too.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urljoin

import pytest
from playwright.sync_api import APIResponse, Browser, Page, ViewportSize
from pyoxigraph import RdfFormat, parse

from kg.propositions.index import PropositionIndex
from kg.rdf.vocabulary import DCTERMS_DESCRIPTION
from kg.reader.entity import Entity
from kg.reader.reader import Reader
from tests.support.browser import PHONE, WIDE, Watched, watch
from tests.support.servers import Running

pytestmark = pytest.mark.system

MOST_CLICKS = 3
SCREENS: dict[str, ViewportSize] = {
    name: {"width": size["width"], "height": size["height"]} for name, size in (("wide", WIDE), ("phone", PHONE))
}
# Whether an element that has a text is completely on the screen.
IS_ON_SCREEN = """text => [...document.querySelectorAll("main *")].some(element => {
    const box = element.getBoundingClientRect();
    return element.checkVisibility() && box.width > 1 && box.top >= 0 && box.left >= 0
        && box.bottom <= innerHeight && box.right <= innerWidth
        && element.textContent.replace(/\\s+/g, " ").toLowerCase().includes(text.toLowerCase());
})"""


@dataclass
class Facts:
    """What the graph says, by local names."""

    reader: Reader
    propositions: PropositionIndex

    def iri(self, name: str) -> str:
        return self.reader.vocabulary.entity_iri(name)

    def entity(self, name: str) -> Entity:
        found = self.reader.entity(self.iri(name), name)
        assert found, name
        return found

    def amount(self, name: str) -> str:
        return self.entity(name).amount

    def micrograms(self, measurement: str) -> str:
        """The amount in 100 g, as pages write it."""
        (value,) = self.one(measurement, "microgramsPer100Grams")
        return f"{Decimal(value).normalize():,f} µg"

    def one(self, name: str, predicate: str) -> list[str]:
        return [term.value for term in self.reader.values(self.iri(name), self.reader.vocabulary.term(predicate))]

    def description(self, name: str) -> str:
        (text,) = self.reader.values(self.iri(name), DCTERMS_DESCRIPTION)
        return str(text.value)

    def assessment(self, name: str) -> list[str]:
        """The sentence of a proposition, and what the evidence says of it."""
        summary = self.propositions.get(self.iri(name))
        assert summary, name
        return [summary.proposition.label, summary.words]

    def effect_sizes(self, outcome: str) -> list[dict[str, str]]:
        rows = self.reader.run("results-for-an-outcome", {"outcome": self.iri(outcome)})
        return [{name: term.value for name, term in row.items() if term} for row in rows]


class Reads(NamedTuple):
    """A task of somebody who wants to read something: a search or clicks, and the words that answer."""

    answer: Callable[[Facts], list[str]]
    search: str = ""
    clicks: tuple[str, ...] = ()


class Takes(NamedTuple):
    """A task of somebody who wants a file: clicks, the last of them on the file, its media type, and what it must be."""

    clicks: tuple[str, ...]
    media_type: str
    check: Callable[[APIResponse, Facts, Page], None]


def trials_with_sizes_are_those_of_the_graph(file: APIResponse, facts: Facts, page: Page) -> None:
    def trials(rows: list[dict[str, str]]) -> set[tuple[str, str]]:
        chosen = [row for row in rows if row.get("designName") == "randomised controlled trial" and row.get("size")]
        return {(row["result"], row["size"]) for row in chosen}

    found = trials(list(csv.DictReader(io.StringIO(file.text()))))
    assert found == trials(facts.effect_sizes("bone-mineral-density")) != set()


def cites_the_publication(file: APIResponse, facts: Facts, page: Page) -> None:
    (doi,) = facts.reader.values(facts.iri("study-ma-2022"), "http://purl.org/ontology/bibo/doi")
    assert file.text().startswith("@article{")
    assert str(doi.value) in file.text()


def has_the_label_of_natto(file: APIResponse, facts: Facts, page: Page) -> None:
    labels = {
        (str(one.subject.value), str(one.object.value))
        for one in parse(file.body(), RdfFormat.TURTLE)
        if one.predicate.value.endswith("#label")
    }
    assert (facts.iri("natto"), facts.entity("natto").label) in labels


def is_the_file_of_this_release(file: APIResponse, facts: Facts, page: Page) -> None:
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="vitk.ttl.gz", exact=True))
    assert hashlib.sha256(file.body()).hexdigest() in row.inner_text()


def defines_the_class_of_claims(file: APIResponse, facts: Facts, page: Page) -> None:
    subjects = {str(getattr(one.subject, "value", "")) for one in parse(file.body(), RdfFormat.TURTLE)}
    assert facts.reader.vocabulary.term("Claim") in subjects


def describes_the_query_of_effect_sizes(file: APIResponse, facts: Facts, page: Page) -> None:
    document = json.loads(file.body())
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/queries/results-for-an-outcome" in document["paths"]


PEOPLE = {
    "how much a woman of 60 needs": Reads(
        lambda facts: [facts.amount("intake-iom-women"), facts.amount("intake-dach-women")],
        search="how much vitamin K does a woman of 60 need",
    ),
    "whether K2 is safe with warfarin": Reads(
        lambda facts: [facts.description("warfarin"), *facts.assessment("proposition-steady-k-on-anticoagulants")],
        search="is K2 safe with warfarin",
    ),
    "whether K2 is safe with apixaban": Reads(
        lambda facts: [facts.description("apixaban"), "no evidence on apixaban", "Not medical advice"],
        search="is K2 safe with apixaban",
    ),
    "which cheese has the most": Reads(
        lambda facts: [facts.entity("edam").label, facts.micrograms("measurement-ciqual-12729-k2")],
        search="which cheese has the most vitamin K2",
    ),
    "whether MK-7 slows calcification": Reads(
        lambda facts: facts.assessment("proposition-mk7-lowers-arterial-calcification"),
        search="does MK-7 slow calcification",
    ),
    "how much is in kale": Reads(
        lambda facts: [facts.micrograms("measurement-fdc-323505-430")],
        search="how much vitamin K is in kale",
    ),
    "why newborns get it": Reads(
        lambda facts: facts.assessment("proposition-k-for-all-newborns"),
        search="why do newborns get vitamin K",
    ),
    "which foods contain K2": Reads(
        lambda facts: [facts.entity("natto").label, facts.micrograms("measurement-natto-menaquinone-7-nih-ods")],
        clicks=("Which foods contain K2?",),
    ),
    "how K1 and K2 differ": Reads(
        lambda facts: [facts.description("phylloquinone"), facts.description("vitamin-k2")],
        clicks=("How do K1 and K2 differ?",),
    ),
    "whether K2 reduces fractures": Reads(
        lambda facts: facts.assessment("proposition-k2-lowers-fracture"),
        clicks=("Does K2 reduce fractures?",),
    ),
    "what to do on warfarin": Reads(
        lambda facts: facts.assessment("proposition-steady-k-on-anticoagulants"),
        clicks=("Vitamin K and warfarin",),
    ),
}  # fmt: skip
RESEARCHERS = {
    "who was studied, how, and by whom": Reads(
        lambda facts: [*facts.one("study-ma-2022", "participants"), *facts.entity("study-ma-2022").label.split(" et ")],
        clicks=("Does K2 reduce fractures?", "Ma et al. 2022"),
    ),
    "a study by its DOI": Reads(
        lambda facts: [facts.entity("study-knapen-2013").label, facts.description("study-knapen-2013")],
        search="10.1007/s00198-013-2325-6",
    ),
    "which studies report effect sizes, by a query that can be changed": Reads(
        lambda facts: [f"{len(facts.effect_sizes('coronary-heart-disease'))} rows",
                       facts.effect_sizes("coronary-heart-disease")[0]["studyName"]],
        clicks=("Effect sizes by outcome",),
    ),
}  # fmt: skip
FILES = {
    "effect sizes of trials on bone density as CSV": Takes(
        ("bone mineral density", "effect sizes as CSV"), "text/csv", trials_with_sizes_are_those_of_the_graph),
    "a citation of a study": Takes(
        ("Does K2 reduce fractures?", "Ma et al. 2022", "BibTeX"), "application/x-bibtex", cites_the_publication),
    "an entity as Turtle": Takes(
        ("Which foods contain K2?", "natto", "Turtle"), "text/turtle", has_the_label_of_natto),
    "the whole graph": Takes(("Downloads", "vitk.ttl.gz"), "application/gzip", is_the_file_of_this_release),
    "the ontology as Turtle": Takes(("Ontology", "Turtle"), "text/turtle", defines_the_class_of_claims),
    "the description of the API": Takes(
        ("API", "OpenAPI 3.1"), "application/json", describes_the_query_of_effect_sizes),
}  # fmt: skip


@pytest.fixture(scope="module")
def facts(reader: Reader) -> Facts:
    return Facts(reader, PropositionIndex(reader))


@pytest.fixture(scope="module")
def window(browser: Browser, server: Running) -> Iterator[Watched]:
    """One window for all tasks: each begins anew at the home page."""
    watched = watch(browser, server.address)
    yield watched
    watched.page.context.close()


@pytest.fixture
def home(window: Watched) -> Watched:
    """The home page, without complaints."""
    window.page.set_viewport_size(SCREENS["wide"])
    window.go("/")
    window.complaints.clear()
    return window


def go(watched: Watched, clicks: tuple[str, ...]) -> None:
    """Clicks on the first link of each name on the main part of a page."""
    for words in clicks:
        watched.page.locator("main").get_by_role("link", name=words, exact=True).first.click()


def read(watched: Watched, facts: Facts, task: Reads, screen: ViewportSize) -> None:
    assert bool(task.search) != bool(task.clicks)
    assert len(task.clicks) <= MOST_CLICKS
    watched.page.set_viewport_size(screen)
    if task.search:
        watched.page.get_by_role("combobox").fill(task.search)
        watched.page.get_by_role("button", name="Search").click()
    go(watched, task.clicks)
    wanted = task.answer(facts)
    assert wanted
    for words in wanted:
        watched.page.wait_for_function(IS_ON_SCREEN, arg=words, timeout=5000)
    assert watched.complaints == []


def test_there_are_twenty_tasks() -> None:
    assert len({*PEOPLE, *RESEARCHERS, *FILES}) == 20


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
@pytest.mark.parametrize("name", PEOPLE)
def test_people_see_the_answer_on_the_first_screen(
    home: Watched, facts: Facts, name: str, screen: ViewportSize
) -> None:
    read(home, facts, PEOPLE[name], screen)


@pytest.mark.parametrize("name", RESEARCHERS)
def test_researchers_see_the_answer_on_the_first_screen(home: Watched, facts: Facts, name: str) -> None:
    read(home, facts, RESEARCHERS[name], SCREENS["wide"])


@pytest.mark.parametrize("name", FILES)
def test_researchers_and_developers_get_the_file(home: Watched, facts: Facts, name: str) -> None:
    task = FILES[name]
    assert len(task.clicks) <= MOST_CLICKS
    go(home, task.clicks[:-1])
    link = home.page.locator("main").get_by_role("link", name=task.clicks[-1], exact=True).first
    assert link.is_visible()
    file = home.page.request.get(urljoin(home.page.url, link.get_attribute("href") or ""))
    assert file.status == 200
    assert file.headers["content-type"].partition(";")[0] == task.media_type
    task.check(file, facts, home.page)
    assert home.complaints == []
