"""Pages for people: ``home``, ``entity`` (one thing), ``compare``, ``explain``, ``search``, ``about``, ``methods``;
``cite`` and ``picture`` are small files beside the pages."""

from __future__ import annotations

from flask import Blueprint

from server.pages import about, cite, compare, entity, explain, home, methods, picture, search

blueprint = Blueprint("pages", __name__)
blueprint.add_url_rule("/", view_func=home.show, endpoint="home")
blueprint.add_url_rule("/page/<name>", view_func=entity.show, endpoint="entity")
blueprint.add_url_rule("/picture/<curie>.json", view_func=picture.show, endpoint="picture")
blueprint.add_url_rule("/cite/<name>.<suffix>", view_func=cite.show, endpoint="cite")
blueprint.add_url_rule("/explain", view_func=explain.show, endpoint="explain")
blueprint.add_url_rule("/compare", view_func=compare.show, endpoint="compare")
blueprint.add_url_rule("/ontology/<name>", view_func=entity.show_term, endpoint="term")
blueprint.add_url_rule("/search", view_func=search.show, endpoint="search")
blueprint.add_url_rule("/methods", view_func=methods.show, endpoint="methods")
blueprint.add_url_rule("/about", view_func=about.show, endpoint="about")
