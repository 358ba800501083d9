"""Pages for people: ``home``, ``entity`` (one thing), ``search``, ``about``, ``methods``."""

from __future__ import annotations

from flask import Blueprint

from server.pages import about, entity, home, methods, search

blueprint = Blueprint("pages", __name__)
blueprint.add_url_rule("/", view_func=home.show, endpoint="home")
blueprint.add_url_rule("/page/<name>", view_func=entity.show, endpoint="entity")
blueprint.add_url_rule("/ontology/<name>", view_func=entity.show_term, endpoint="term")
blueprint.add_url_rule("/search", view_func=search.show, endpoint="search")
blueprint.add_url_rule("/methods", view_func=methods.show, endpoint="methods")
blueprint.add_url_rule("/about", view_func=about.show, endpoint="about")
