"""The routes of the server, in one table."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, make_response, redirect, request
from werkzeug.routing import RequestRedirect

from kg.engine.interface.base import Engine
from kg.errors import DamagedReleaseError
from kg.reader.compatibility import is_readable
from kg.reader.reader import Reader
from kg.release.release import Releases
from kg.settings import Settings
from server import api, diet, guide, health, pages, reconciliation
from server.api import routes
from server.charts import routes as chart_routes
from server.core import conditional, site_pages, static_files, template_cache
from server.core.assets import Assets
from server.core.local_names import LocalNameConverter
from server.core.metrics import Metrics
from server.core.state import AppState, app_state, attach
from server.core.urls import Urls
from server.diet import openapi as diet_openapi
from server.history import changes, memento
from server.http import cors, headers, negotiation, problems, request_body, request_line
from server.http.problems import Problem
from server.linked_data import crawlers, dataset, fragments, imported, ontology
from server.linked_data import routes as linked_data_routes
from server.pages.entity.contents import contents
from server.reconciliation import openapi as reconciliation_openapi
from server.sparql import endpoint

_METHODS = "GET, HEAD, OPTIONS, POST, QUERY"


def create_app(settings: Settings, reader: Reader, engine: Engine, metrics: Metrics | None = None) -> Flask:
    """Creates the Flask application on one release.

    Args:
        settings: query limits and the public URL.
        reader: of the release that is served.
        engine: runs untrusted queries.
        metrics: of this process, if they outlive the application.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = request_body.MAX_BYTES
    app.url_map.converters["local_name"] = LocalNameConverter
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = template_cache.opened()
    app.jinja_env.filters["contents"] = contents
    assets = Assets()
    urls = Urls(reader.vocabulary, assets, settings.public_url)
    attach(app, AppState(settings, reader, engine, urls, assets, metrics or Metrics()))

    app.register_blueprint(pages.blueprint)  # /  /page/{name}  /search  /methods  /about
    app.register_blueprint(chart_routes.blueprint)  # /charts/{kind}/{name}.{svg,png,csv}
    app.register_blueprint(linked_data_routes.blueprint)  # /id/{name}  /data/{name}.{format}  /ontology/{name}.{format}
    app.register_blueprint(ontology.blueprint)  # /ontology  /ontology/{version}
    app.register_blueprint(dataset.blueprint)  # /dataset  /graph/{name}  /dumps/{name}  /context.jsonld
    app.register_blueprint(imported.blueprint)  # /imported-graphs
    app.register_blueprint(fragments.blueprint)  # /fragments
    app.register_blueprint(changes.blueprint)  # /changes  /changes/{release}
    app.register_blueprint(memento.blueprint)  # /timegate/{path}  /timemap/{path}
    app.register_blueprint(crawlers.blueprint)  # /robots.txt  /sitemap.xml  /llms.txt
    app.register_blueprint(endpoint.blueprint)  # /sparql
    # /api  /api/v1/…  /openapi.json
    routes.register(
        app, api.operations(reader.catalogue), [diet_openapi.operation(), *reconciliation_openapi.operations()]
    )
    app.register_blueprint(diet.blueprint)  # /diet  /intakes  /api/v1/diet
    app.register_blueprint(guide.blueprint)  # /guide  /guide/{part}
    app.register_blueprint(reconciliation.blueprint)  # /api/v1/reconcile
    app.register_blueprint(static_files.blueprint)  # /static/{name}
    app.register_blueprint(health.blueprint)  # /healthz  /readyz  /metrics
    problems.register(app)
    app.before_request(_check)
    app.after_request(_finish)
    app.context_processor(_for_templates)
    return app


def _check() -> Response | None:
    """Reports errors found by the middleware, a bad request line, and a pinned release that is not available.

    Answers requests that are about no resource: preflights and ``OPTIONS *``. A request that pins an available release
    never gets here: the router sends it to that release.
    """
    if found := request.environ.get(problems.EARLY_ERROR) or request_line.problem_in(request.environ):
        raise found
    if response := cors.preflight():
        return response
    if request_line.is_asterisk(request.environ):
        return Response(status=200, headers={"Allow": _METHODS})
    pinned = request.args.get("release", "")
    serving = app_state().reader.release.id
    if pinned and pinned != serving:
        try:
            pinned_release = Releases(app_state().settings.data_dir).get(pinned)
            is_coming = pinned_release is not None and is_readable(pinned_release)
        except DamagedReleaseError as error:
            raise problems.unreadable_release(error) from error
        if is_coming:
            raise Problem(503, "Release is being opened", "Try again in a moment.", {"Retry-After": "1"})
        why = "was built by an incompatible version of vitk" if pinned_release else "is not available any more"
        detail = f"Release {pinned[:40]!r} {why}. The current release is {serving}."
        raise Problem(410, "Release is gone", detail, release=serving)
    return None


def _finish(response: Response) -> Response:
    if response.status_code == 308 and isinstance(request.routing_exception, RequestRedirect):
        # Werkzeug merges slashes and redirects to the Host as it was sent, which behind a proxy is an internal one.
        parts = urlsplit(request.routing_exception.new_url)
        path = "/" + parts.path.lstrip("/")
        target = f"{path}?{parts.query}" if parts.query else path
        response = make_response(redirect(target, 308))
    response = memento.with_memento(conditional.without_known(negotiation.with_vary(response)))
    for name, value in headers.common_headers(app_state().reader.release.id):
        response.headers.setdefault(name, value)
    return response


def _for_templates() -> dict[str, object]:
    current = app_state()
    urls = current.urls.of_this_request()
    path = request.script_root + request.path
    return {
        "urls": urls,
        "header_links": site_pages.header(urls, path),
        "footer_links": site_pages.footer(urls, path),
        "release": current.reader.release,
        "vocabulary": current.reader.vocabulary,
    }
