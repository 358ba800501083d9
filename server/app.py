"""The table of contents of the server."""

from __future__ import annotations

import re

from flask import Flask, Response, request

from kg.engine.interface.base import Engine
from kg.reader.reader import Reader
from kg.release import Releases
from kg.settings import Settings
from server import api, diet, health, pages
from server.api import routes
from server.core import static_files
from server.core.assets import Assets
from server.core.metrics import Metrics
from server.core.state import AppState, app_state, attach
from server.core.urls import Urls
from server.diet import openapi as diet_openapi
from server.http import headers, problems
from server.http.problems import Problem
from server.linked_data import crawlers, dataset, ontology
from server.linked_data import routes as linked_data_routes
from server.middleware import request_body
from server.sparql import endpoint

# It stands in links and in graphs that we write.
_HOST = re.compile(r"[A-Za-z0-9._\-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")


def create_app(settings: Settings, reader: Reader, engine: Engine, metrics: Metrics | None = None) -> Flask:
    """The WSGI application on one release.

    Args:
        settings: of which the limits on queries and the public address are used here.
        reader: the release that is served.
        engine: what runs strangers' queries.
        metrics: of this process, where it outlives the application.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = request_body.MAX_BYTES
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets = Assets()
    urls = Urls(reader.vocabulary, assets, settings.public_url)
    attach(app, AppState(settings, reader, engine, urls, assets, metrics or Metrics()))

    app.register_blueprint(pages.blueprint)  # /  /page/{name}  /search  /methods  /about
    app.register_blueprint(linked_data_routes.blueprint)  # /id/{name}  /data/{name}.{format}  /ontology/{name}.{format}
    app.register_blueprint(ontology.blueprint)  # /ontology  /ontology/{version}
    app.register_blueprint(
        dataset.blueprint
    )  # /dataset  /graph/{name}  /dumps/{name}  /.well-known/void  /context.jsonld
    app.register_blueprint(crawlers.blueprint)  # /robots.txt  /sitemap.xml  /llms.txt
    app.register_blueprint(endpoint.blueprint)  # /sparql
    routes.register(app, api.operations(reader.catalogue), [diet_openapi.operation()])  # /api  /api/v1/…  /openapi.json
    app.register_blueprint(diet.blueprint)  # /diet  /api/v1/diet
    app.register_blueprint(static_files.blueprint)  # /static/{name}
    app.register_blueprint(health.blueprint)  # /healthz  /readyz  /metrics
    problems.register(app)
    app.before_request(_check)
    app.after_request(_finish)
    app.context_processor(_for_templates)
    return app


def _check() -> None:
    """Tells of what the layers before found; a request that pins another release comes here only when it can't be had,
    or not yet."""
    if found := request.environ.get(problems.EARLY_ERROR):
        raise found
    if request.environ["SERVER_PROTOCOL"] == "HTTP/1.1" and not _HOST.fullmatch(request.headers.get("Host", "")):
        raise Problem(400, "No such host", "The Host header names the host that is asked, such as example.org:8000.")
    pinned = request.args.get("release", "")
    serving = app_state().reader.release.id
    if pinned and pinned != serving:
        pinned_release = Releases(app_state().settings.data_dir).get(pinned)
        if pinned_release is not None and pinned_release.is_readable:
            raise Problem(503, "The release is being opened", "Try again in a moment.", {"Retry-After": "1"})
        why = "was made by another version of vitk" if pinned_release else "is no longer kept here"
        detail = f"Release {pinned[:40]!r} {why}. The one that serves is {serving}."
        raise Problem(410, "The release is gone", detail, release=serving)


def _finish(response: Response) -> Response:
    response.headers.extend(headers.common_headers(app_state().reader.release.id))
    return response


def _for_templates() -> dict[str, object]:
    current = app_state()
    return {
        "urls": current.urls.of_this_request(),
        "release": current.reader.release,
        "vocabulary": current.reader.vocabulary,
    }
