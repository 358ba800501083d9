"""What every route needs: settings, reader, engine, addresses. Made once, before the first request."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app

from kg.engine.engine import Engine
from kg.reader import Reader
from kg.settings import Settings
from server.urls import Urls

_KEY = "vitk"


@dataclass(frozen=True)
class Site:
    settings: Settings
    reader: Reader
    engine: Engine
    urls: Urls


def attach(app: Flask, site: Site) -> None:
    app.extensions[_KEY] = site


def attached(app: Flask) -> Site:
    """The site of an app."""
    found = app.extensions[_KEY]
    assert isinstance(found, Site)
    return found


def site() -> Site:
    """The site of the app that handles this request."""
    return attached(current_app)
