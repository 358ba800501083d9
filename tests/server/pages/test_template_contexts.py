"""Templates of entity pages use what their contexts have, and contexts have what some template uses."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from functools import cache
from typing import get_type_hints

import pytest
from flask.testing import FlaskClient
from jinja2 import Environment, StrictUndefined, meta, nodes

from kg.reader.reader import Reader
from kg.settings import Settings
from server.app import create_app
from server.core.state import state_of
from server.pages.entity import page_types
from server.pages.entity.page_types import PAGE_TYPES, PageType
from server.pages.entity.page_types.context import TemplateContext, TypeContext

# What the application gives to all templates; the search box shows what was searched, on lists alone.
OF_ALL_TEMPLATES = {"urls", "release", "vocabulary", "text", "header_links", "footer_links"}
# An entity for every template, and for odd cases of some.
ENTITIES = {
    "entity.html": (
        "bone",
        "line-k2-lowers-fracture--mott-2019-clinical-fractures",
        "sensitivity-k2-causes-side-effects-1",
        "flaw-a2-overstated",
        "result-abe-2002-anaemia",
    ),
    "page_types/claim.html": ("claim-f034-1", "claim-f001-1", "corrected-a"),
    "page_types/condition.html": ("coronary-heart-disease", "numbness"),
    "page_types/drug.html": ("warfarin",),
    "page_types/food.html": ("natto", "butter"),
    "page_types/form.html": ("menaquinone-7", "phylloquinone"),
    "page_types/intake.html": ("intake-efsa-adults", "intake-nhs-adults-per-kilogram"),
    "page_types/interaction.html": ("claim-f166-1",),
    "page_types/measure.html": ("bone-mineral-density",),
    "page_types/measurement.html": ("measurement-sr28-11457-430",),
    "page_types/population.html": ("adults",),
    "page_types/proposition.html": (
        "proposition-k2-lowers-fracture",
        "proposition-natto-rich-in-k2",
        "proposition-k2-causes-allergy",
    ),
    "page_types/protein.html": ("osteocalcin",),
    "page_types/section.html": ("section-anticoagulants",),
    "page_types/study.html": ("study-knapen-2015",),
    "page_types/table_food.html": ("sr28-11457", "sr28-11457?components=all"),
}
TERMS = ("Food", "needs", "overstatedStanding", "VitaminKForm?incoming=rdf:type&page=1")


def names(context: type) -> set[str]:
    return {field.name for field in dataclasses.fields(context)}


def context_of(page_type: PageType) -> type[TypeContext]:
    found: type = get_type_hints(page_type.parts)["return"]
    assert issubclass(found, TypeContext)
    return found


@cache
def tree_of(environment: Environment, name: str) -> nodes.Template:
    assert environment.loader is not None
    return environment.parse(environment.loader.get_source(environment, name)[0])


def used_by(environment: Environment, template: str) -> set[str]:
    """The variables that a template and those that it extends, includes and imports take from outside."""
    waiting, seen = [template], set()
    used: set[str] = set()
    assigned: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        tree = tree_of(environment, name)
        # Pictures are included within macros, whose parameters they see.
        used |= meta.find_undeclared_variables(tree) - ({"scale"} if name.startswith("svg/") else set())
        # Included templates see what the loops and imports around them assign.
        assigned |= {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}
        assigned |= {alias if isinstance(alias, str) else alias[1]
                     for node in tree.find_all(nodes.FromImport) for alias in node.names}  # fmt: skip
        for referenced in meta.find_referenced_templates(tree):
            assert referenced is not None, f"{name} includes what can't be known"
            waiting.append(referenced)
    return used - assigned - set(environment.globals)


@pytest.fixture(scope="module")
def strict(client: FlaskClient, reader: Reader) -> FlaskClient:
    """A client for whose templates an undefined variable is an error."""
    app = create_app(Settings(page_budget_ms=60_000), reader, state_of(client.application).engine)
    app.jinja_env.undefined = StrictUndefined
    app.testing = True
    return app.test_client()


@pytest.mark.parametrize("page_type", PAGE_TYPES, ids=lambda page_type: page_type.template)
def test_a_template_uses_only_what_its_context_has(client: FlaskClient, page_type: PageType) -> None:
    used = used_by(client.application.jinja_env, page_type.template)
    assert used - names(TemplateContext) - names(context_of(page_type)) - OF_ALL_TEMPLATES == set()


@pytest.mark.system
def test_every_field_of_a_context_is_used_by_a_template_of_it(client: FlaskClient) -> None:
    by_context: defaultdict[type, set[str]] = defaultdict(set)
    for page_type in PAGE_TYPES:
        used = used_by(client.application.jinja_env, page_type.template)
        by_context[context_of(page_type)] |= used
        by_context[TemplateContext] |= used
    unused = {context.__name__: names(context) - used for context, used in by_context.items()}
    assert {context: fields for context, fields in unused.items() if fields} == {}


def test_no_page_type_has_a_name_of_the_common_context() -> None:
    for page_type in PAGE_TYPES:
        assert names(context_of(page_type)) & names(TemplateContext) == set()


def test_every_template_of_a_page_type_is_rendered_here() -> None:
    assert set(ENTITIES) == {page_type.template for page_type in PAGE_TYPES} - {"page_types/term.html"}


@pytest.mark.parametrize(("template", "name"), [(one, name) for one, names in ENTITIES.items() for name in names])
def test_a_page_of_every_type_uses_no_undefined_variable(
    strict: FlaskClient, reader: Reader, template: str, name: str
) -> None:
    entity = reader.entity(reader.vocabulary.entity_iri(name.partition("?")[0]), name)
    assert entity is not None
    assert page_types.page_type_for(entity, is_term=False).template == template
    assert strict.get(f"/page/{name}").status_code == 200
    assert strict.get(f"/data/{name.partition('?')[0]}.md").status_code == 200


@pytest.mark.parametrize("name", TERMS)
def test_the_page_of_a_term_uses_no_undefined_variable(strict: FlaskClient, name: str) -> None:
    assert strict.get(f"/ontology/{name}", headers={"Accept": "text/html"}).status_code == 200
    assert strict.get(f"/ontology/{name.partition('?')[0]}.md").status_code == 200


@pytest.mark.parametrize(
    "parameters", ["claims=PharmacokineticClaim", "incoming=vitk:studiedSubstance&page=1", "view=picture"]
)
def test_a_part_of_a_page_uses_no_undefined_variable(strict: FlaskClient, parameters: str) -> None:
    assert strict.get(f"/page/menaquinone-7?{parameters}").status_code == 200
