"""Pages for people.

``home``, ``entity``, ``compare``, ``explain``, ``search``, ``browse``, ``claims``, ``sections``, ``contradictions``,
``foods``, ``about`` and ``methods``. ``faceted_list`` is shared by the pages with lists; ``citation`` and
``neighbourhood`` send files that belong to pages.
"""

from __future__ import annotations

from flask import Blueprint

from server.pages import (
    about,
    browse,
    citation,
    claims,
    compare,
    contradictions,
    explain,
    foods,
    home,
    methods,
    neighbourhood,
    search,
    sections,
)
from server.pages.entity import view

blueprint = Blueprint("pages", __name__)
blueprint.add_url_rule("/", view_func=home.home, endpoint="home")
blueprint.add_url_rule("/page/<local_name:name>", view_func=view.entity_page, endpoint="entity")
blueprint.add_url_rule("/picture/<curie>.json", view_func=neighbourhood.neighbourhood, endpoint="picture")
blueprint.add_url_rule("/cite/<local_name:name>", view_func=citation.citation, endpoint="cite")
blueprint.add_url_rule("/explain", view_func=explain.explanation_page, endpoint="explain")
blueprint.add_url_rule("/compare", view_func=compare.compare, endpoint="compare")
blueprint.add_url_rule("/ontology/<name>", view_func=view.term_page, endpoint="term")
blueprint.add_url_rule("/search", view_func=search.search, endpoint="search")
blueprint.add_url_rule("/suggest", view_func=search.suggest, endpoint="suggest")
blueprint.add_url_rule("/browse", view_func=browse.tree, endpoint="browse")
blueprint.add_url_rule("/browse/<name>", view_func=browse.members, endpoint="members")
blueprint.add_url_rule("/claims", view_func=claims.claims, endpoint="claims")
blueprint.add_url_rule("/sections", view_func=sections.section_list, endpoint="sections")
blueprint.add_url_rule("/contradictions", view_func=contradictions.contradictions, endpoint="contradictions")
blueprint.add_url_rule("/flaws", view_func=contradictions.flaws, endpoint="flaws")
blueprint.add_url_rule("/foods", view_func=foods.by_form, endpoint="foods")
blueprint.add_url_rule("/article-and-tables", view_func=foods.article_and_tables, endpoint="article_and_tables")
blueprint.add_url_rule("/methods", view_func=methods.methods, endpoint="methods")
blueprint.add_url_rule("/about", view_func=about.about, endpoint="about")
