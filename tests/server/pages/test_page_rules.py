"""What holds on pages of every type: the answer comes first, nothing is said twice, and all can be found and shared.

Each rule here was once broken.
"""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

# One page of each type.
PAGES = (
    *("/page/menaquinone-7", "/page/vitamin-k", "/page/vitamin-k2", "/page/osteocalcin", "/page/warfarin", "/page/osteoporosis"),
    *("/page/bone-mineral-density", "/page/claim-f034-1", "/page/claim-f166-1", "/page/proposition-k2-lowers-fracture"),
    *("/page/study-knapen-2013", "/page/intake-efsa-adults", "/page/adults", "/page/section-dosage", "/page/source-nhs"),
    *("/ontology/Menaquinone", "/ontology/hedge"),
)  # fmt: skip
LISTS = ("/", "/search?q=natto", "/claims", "/contradictions", "/flaws", "/sections", "/methods", "/about", "/api", "/dataset",
         "/browse", "/browse/VitaminKForm", "/foods", "/compare", "/diet", "/intakes", "/ontology", "/sparql")  # fmt: skip


def page(client: FlaskClient, path: str) -> str:
    return client.get(path, headers={"Accept": "text/html"}).text


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


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
        (
            "warfarin",
            "People who take anticoagulants that block vitamin K should keep their vitamin K intake constant. for,",
        ),
        ("apixaban", "vitk has no evidence on apixaban and vitamin K."),
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
