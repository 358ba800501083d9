"""What holds on pages of every type: nothing reads as the opposite, nothing is said twice or misleads, all can be found.

Each rule here was once broken.
"""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from kg.claims import outcomes
from kg.claims.claim_index import ClaimIndex
from kg.exports import publications
from kg.propositions import evidence_map, evidence_summary
from kg.reader.reader import Reader
from server.svg import structure_of

# One page of each type.
PAGES = (
    *("/page/menaquinone-7", "/page/vitamin-k", "/page/vitamin-k2", "/page/osteocalcin", "/page/warfarin", "/page/osteoporosis"),
    *("/page/bone-mineral-density", "/page/claim-f034-1", "/page/claim-f166-1", "/page/proposition-k2-lowers-fracture"),
    *("/page/study-knapen-2013", "/page/intake-efsa-adults", "/page/adults", "/page/section-dosage", "/page/source-nhs"),
    *("/ontology/Menaquinone", "/ontology/hedge"),
)  # fmt: skip
LISTS = ("/", "/search?q=natto", "/claims", "/contradictions", "/flaws", "/sections", "/methods", "/about", "/api", "/dataset",
         "/browse", "/browse/VitaminKForm", "/foods", "/compare", "/diet", "/intakes", "/ontology", "/sparql")  # fmt: skip


@pytest.fixture(scope="module")
def claim_index(reader: Reader) -> ClaimIndex:
    return ClaimIndex(reader)


def page(client: FlaskClient, path: str) -> str:
    return client.get(path, headers={"Accept": "text/html"}).text


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


# Never the opposite


def test_a_trial_without_a_difference_is_nowhere_among_the_helpful_ones(client: FlaskClient, reader: Reader) -> None:
    shown = page(client, "/page/proposition-k2-lowers-vertebral-fracture")
    cells = re.findall(r'<td class="(\w+)">((?:<a class="dot".*?</a>)+)', shown, re.DOTALL)
    sides = {side for side, marks in cells if "/page/study-inoue-2009" in marks}
    assert sides == {"noDifference"}


@pytest.mark.parametrize(
    ("side", "readings"), [("for", {1: "helps", -1: "harms"}), ("against", {1: "noBenefit", -1: "noHarm"})]
)
def test_an_answer_reads_each_proposition_by_its_sense(
    claim_index: ClaimIndex, side: str, readings: dict[int, str]
) -> None:
    seen = 0
    for outcome in {one.role("object") for one in claim_index.propositions.summaries.values()} - {None}:
        assert outcome is not None
        for reading, marks in evidence_map.on_outcome(claim_index.propositions, outcome.iri):
            for named, mark in marks:
                assert named == mark.summary.proposition
                if mark.summary.side == side and reading != evidence_map.LACK_HARMS:
                    assert reading == readings[mark.summary.benefit]
                    seen += 1
    assert seen > 3


def test_no_chart_says_that_a_lack_helps_or_harms(claim_index: ClaimIndex) -> None:
    index = claim_index.propositions
    lacking = [
        one for one in index.summaries.values()
        if any(aspect.iri.endswith("#deficientIntake") for aspect in one.roles.get("subjectAspect", ()))
    ]  # fmt: skip
    drawn = [evidence_summary.summarise(one, index.evidence.get(one.proposition.iri, ())) for one in lacking]
    assert any(drawn)
    assert {name for chart in drawn if chart for name, _ in chart.sides} == {
        "for",
        "noDifference",
        "unclear",
        "against",
    }


def test_what_a_claim_calls_rare_is_not_contradicted_by_no_difference(claim_index: ClaimIndex) -> None:
    rare = [
        one for one in claim_index.summaries.values()
        if {named.iri.rpartition("#")[2] for named in one.roles.get("frequency", ())} & {"rare", "uncommon"}
    ]  # fmt: skip
    assert rare
    for one in rare:
        stated = set(one.contradicts)
        assert [
            other
            for other in outcomes.opposed(claim_index, one)
            if other.sense == "none" and other.claim.iri not in stated
        ] == []


@pytest.mark.parametrize(
    "path",
    [
        "/page/hip-fracture",
        "/page/bone-fracture",
        "/page/vertebral-fracture",
        "/page/study-cockayne-2006",
        "/page/proposition-k2-lowers-fracture",
    ],
)
def test_a_study_under_a_warning_never_stands_without_it(client: FlaskClient, path: str) -> None:
    shown = page(client, path)
    assert "arning published" in shown or 'class="open warned"' in shown
    for row in re.findall(r"<tr>.*?</tr>", shown, re.DOTALL):
        if '/page/study-cockayne-2006"' in row:
            assert "arning published" in row or "a warning about this study was published" in row


def test_numbers_have_the_decimals_that_were_printed(client: FlaskClient) -> None:
    shown = words(page(client, "/page/coronary-heart-disease"))
    assert "hazard ratio 0.70" in shown and "0.85 to 1.00" in shown
    # This one was printed so, with an interval of 1.05 to 6.4.
    assert "odds ratio 2.6 " in words(page(client, "/page/hip-fracture"))


@pytest.mark.parametrize(
    ("path", "not_said"),
    [("/dataset", "the same entity"), ("/page/osteocalcin", "the same entity"), ("/article-and-tables", "own words"),
     ("/sections", "Statements"), ("/page/osteocalcin", "vitamin k2"), ("/browse/VitaminKForm", "Form of vitamin k<")],
)  # fmt: skip
def test_pages_do_not_contradict_each_other(client: FlaskClient, path: str, not_said: str) -> None:
    assert not_said not in page(client, path)


# Whoever reads about health finds the note


@pytest.mark.parametrize(
    "name",
    ["osteoporosis", "type-2-diabetes", "hip-fracture", "vertebral-fracture", "bone-mineral-density", "numbness", "warfarin",
     "apixaban", "menaquinone-7", "vitamin-k", "adults", "intake-efsa-adults", "claim-f034-1", "proposition-k2-lowers-fracture",
     "regimen-menaquinone-7-100-ug-per-day", "study-knapen-2013"],
)  # fmt: skip
def test_pages_about_health_doses_and_medicines_carry_one_note(client: FlaskClient, name: str) -> None:
    assert page(client, f"/page/{name}").count('class="not-advice"') == 1


# The answer comes first


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("menaquinone-7", "Evidence for a benefit: bone health (very low certainty)"),
        (
            "bone-mineral-density",
            "Evidence against a benefit: Vitamin K1 raises bone mineral density. (moderate certainty)",
        ),
        ("claim-f034-1", "The evidence is mixed, with low certainty."),
        ("proposition-k2-lowers-fracture", "Decided by 1 study for, 1 for in part, 4 without a difference"),
        ("study-knapen-2013", "Osteoporosis International 24(9):2499-2507 (2013) doi:10.1007/s00198-013-2325-6"),
        ("intake-efsa-adults", "70 µg per day"),
    ],
)
def test_the_answer_stands_before_the_contents(client: FlaskClient, name: str, answer: str) -> None:
    shown = page(client, f"/page/{name}")
    head = words(shown[: shown.index('<nav class="contents"')].replace("</dt>", ":"))
    assert re.sub(r"\s*([:.)])", r"\1", answer) in re.sub(r"\s*([:.)])", r"\1", head.replace(" ( ", " ("))


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        (
            "study-knapen-2013",
            ("Design", "Participants", "244", "Population", "Groups compared", "placebo", "Months", "36"),
        ),
        ("proposition-mk7-raises-bmd", ("Population", "Intervention or exposure", "Outcome")),
        ("menaquinone-7", ("Formula", "Side chain", "Circulation time", "IRI", "Turtle")),
    ],
)
def test_the_box_beside_the_title_says_what_a_reader_weighs_it_by(
    client: FlaskClient, name: str, facts: tuple[str, ...]
) -> None:
    box = re.search(r'<aside class="infobox".*?</aside>', page(client, f"/page/{name}"), re.DOTALL)
    assert box
    for fact in facts:
        assert fact in words(box.group()), fact


@pytest.mark.parametrize("path", PAGES)
def test_the_contents_lead_to_every_section_in_order(client: FlaskClient, path: str) -> None:
    shown = page(client, path)
    contents = re.search(r'<nav class="contents".*?</nav>', shown, re.DOTALL)
    listed = re.findall(r'href="#([^"]+)"', contents.group()) if contents else []
    anchors = re.findall(r'<h2 id="([^"]+)"', shown)
    assert listed == anchors or (not contents and len(anchors) < 3)
    assert len(set(anchors)) == len(anchors)
    assert not anchors or anchors[-1] == "cite"


def test_nothing_is_a_property_and_a_fact_of_the_box_at_once(client: FlaskClient) -> None:
    for path in PAGES:
        shown = page(client, path)
        facts = re.search(r'<h2 id="facts">.*?</section>', shown, re.DOTALL)
        box = re.search(r'<aside class="infobox".*?</aside>', shown, re.DOTALL)
        assert box
        links = set(re.findall(r'<dt><a href="/ontology/(\w+)"', facts.group())) if facts else set()
        assert not links & {
            "minimumAmount",
            "maximumAmount",
            "unit",
            "perDays",
            "design",
            "participants",
            "subject",
            "object",
        }, path


# Found and shared


def test_every_page_has_a_title_and_a_description_of_its_own(client: FlaskClient) -> None:
    titles: dict[str, str] = {}
    descriptions: dict[str, str] = {}
    for path in (*PAGES, *LISTS, "/page/natto", "/page/sr28-16113", "/page/section-osteoporosis", "/page/menaquinone-7?view=picture",
                 "/page/vitamin-k2?claims=HealthEffectClaim", "/page/vitamin-k2?claims=HealthEffectClaim&page=2"):  # fmt: skip
        shown = page(client, path)
        (title,) = re.findall(r"<title>(.*?)</title>", shown.partition("</head>")[0], re.DOTALL)
        (description,) = re.findall(r'<meta name="description" content="([^"]*)"', shown)
        assert title not in titles.values(), (path, title)
        titles[path] = title
        assert len(description) > 30, path
        if "?" not in path or "q=" in path:
            assert description not in descriptions.values(), (path, description)
            descriptions[path] = description
        assert f'property="og:title" content="{title}"' in shown
        assert f'property="og:description" content="{description}"' in shown


def test_a_shared_page_has_icons_and_a_card_where_they_were_built(client: FlaskClient) -> None:
    shown = page(client, "/page/natto")
    (card,) = re.findall(r'property="og:image" content="http://localhost(/static/[^"]+\.png)"', shown)
    (touch,) = re.findall(r'rel="apple-touch-icon" href="([^"]+)"', shown)
    for address, size in ((card, (1200, 630)), (touch, (180, 180))):
        picture = client.get(address)
        assert picture.mimetype == "image/png"
        assert (int.from_bytes(picture.data[16:20]), int.from_bytes(picture.data[20:24])) == size
    (ico,) = re.findall(r'rel="icon" href="([^"]+\.ico)', shown)
    assert client.get(ico).data[:4] == b"\0\0\1\0"


@pytest.mark.parametrize(
    ("path", "suggested"), [("/page/nope", ""), ("/page/zzqx", ""), ("/page/menaquinon-7", "menaquinone-7")]
)
def test_a_wrong_address_suggests_what_is_similar_and_nothing_else(
    client: FlaskClient, path: str, suggested: str
) -> None:
    shown = words(page(client, path))
    assert ("Similar names" in shown) is bool(suggested)
    assert suggested in shown


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/explain", "This link is incomplete."),
        ("/compare?a=cheese&b=gouda", "“cheese” is a group of foods. Pick one of its foods"),
        ("/diet?food=Gouda&amount=50", "Gouda"),
    ],
)
def test_a_mistake_gets_a_plain_sentence_without_identifiers(client: FlaskClient, path: str, said: str) -> None:
    shown = words(page(client, path))
    assert said in shown
    assert "id:" not in shown.partition("The question behind")[0]


@pytest.mark.parametrize(
    "question", ["best food for k2", "is k2 safe with warfarin", "how much vitamin k in kale", "does k2 help bones"]
)
def test_questions_as_people_ask_them_are_answered(client: FlaskClient, question: str) -> None:
    assert "data-answer" in page(client, "/search?q=" + question.replace(" ", "+"))


def test_the_question_on_the_home_page_leads_to_both_sides(client: FlaskClient) -> None:
    (target,) = re.findall(r'href="([^"]+)"[^>]*>(?:<[^>]+>)*Does K2 reduce fractures', page(client, "/"))
    shown = page(client, target)
    assert "For the proposition" in shown and "No difference shown" in shown


def test_numbers_in_names_are_in_the_order_of_numbers(client: FlaskClient) -> None:
    for path in ("/browse/VitaminKForm", "/page/vitamin-k2"):
        whole = page(client, path)
        listed = whole.partition('<h2 id="forms">')[2].partition("</section>")[0] or whole
        found = [int(number) for number in re.findall(r'<a href="/page/menaquinone-(\d+)"', listed)]
        assert len(found) > 5 and found == sorted(found), path


def test_trees_have_no_branch_twice(client: FlaskClient) -> None:
    tree = page(client, "/browse").partition('<div class="tree">')[2].partition("</div>")[0]
    links = re.findall(r'href="(/browse/[^"]+)"', tree)
    assert len(links) > 40 and len(links) == len(set(links))
    terms = re.findall(r'<li id="(\w+)">', page(client, "/ontology"))
    assert len(terms) > 500 and len(terms) == len(set(terms))


@pytest.mark.parametrize("path", [*PAGES, *LISTS])
def test_no_page_has_signs_that_fonts_lack_or_sentences_joined_by_commas(client: FlaskClient, path: str) -> None:
    shown = page(client, path)
    assert "＝" not in shown
    assert len(shown.encode()) <= 100_000
    doses = re.search(r'<h2 id="doses">.*?</section>', shown, re.DOTALL)
    assert not doses or "., " not in words(doses.group())


# What is written for programs


@pytest.mark.parametrize(
    ("name", "bibtex", "ris"),
    [
        ("study-knapen-2013", ("@article{knapen-2013,", "author = {Knapen, M. H. J. and others}", "doi = {10.1007/s00198-013-2325-6}", "pages = {2499--2507}"),
         ("TY  - JOUR", "AU  - Knapen, M. H. J.", "VL  - 24", "IS  - 9", "SP  - 2499", "EP  - 2507", "PY  - 2013")),
        ("study-efsa-2017", ("author = {{EFSA NDA Panel}}",), ("AU  - EFSA NDA Panel",)),
    ],
)  # fmt: skip
def test_a_study_is_cited_as_its_publication(
    client: FlaskClient, name: str, bibtex: tuple[str, ...], ris: tuple[str, ...]
) -> None:
    bib, lines = client.get(f"/cite/{name}.bib").text, client.get(f"/cite/{name}.ris").text.split("\r\n")
    for expected in bibtex:
        assert expected in bib
    assert set(ris) <= set(lines)
    assert f"/id/{name}" in bib and bib.count("{") == bib.count("}")
    assert "vitk contributors" not in bib


def test_every_study_can_be_cited(reader: Reader) -> None:
    for row in reader.run("pages/study-citations", {}):
        found = publications.publication_of(reader, row["study"].value)
        if found is None:
            assert "title" not in row
            continue
        written = publications.bibtex(found, row["study"].value, "r1")
        assert written.startswith(("@article{", "@misc{")) and written.count("{") == written.count("}")
        ris = publications.ris(found, row["study"].value, "r1").split("\r\n")
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in ris[:-1]), ris


@pytest.mark.parametrize(
    ("name", "units", "formula"),
    [("menaquinone-4", 4, (31, 40)), ("menaquinone-7", 7, (46, 64)), ("phylloquinone", None, (31, 46)), ("menadione", None, (11, 8)),
     ("tetrahydromenaquinone-9", 9, None), ("menaquinone-n", None, None), ("vitamin-k2", None, None)],
)  # fmt: skip
def test_only_known_structures_are_drawn_with_their_formula(
    name: str, units: int | None, formula: tuple[int, int] | None
) -> None:
    found = structure_of(name, units)
    assert (found and (found.carbon, found.hydrogen)) == formula
