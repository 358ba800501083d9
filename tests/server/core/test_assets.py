"""Browser modules: built where vitk is installed, of exactly these sources, and served so that browsers keep them."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from flask.testing import FlaskClient

from kg.engine.factory import engine_for
from kg.reader.reader import Reader
from kg.settings import Settings
from server.app import create_app
from server.core.assets import Assets
from tests.support.paths import ROOT
from tests.support.servers import vitk_environment

UI = ROOT / "server" / "ui"
DIST = ROOT / "server" / "static" / "dist"
ENTRIES = sorted(path.name for path in (UI / "src").glob("*.js"))
NON_EDITOR_PAGES = ("/", "/search?q=osteo", "/page/menaquinone-7", "/page/natto", "/page/claim-f034-1", "/about")
BUDGET = 100_000


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_hook", UI / "build_hook.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def linked(page: str) -> list[str]:
    """Addresses of the scripts and style sheets of a page."""
    return re.findall(r'<(?:link rel="stylesheet" href|script type="module" src)="([^"]+)"', page)


def test_the_modules_are_made_of_the_sources_that_are_here(hook: ModuleType) -> None:
    assert hook.is_fresh(UI, DIST), "server/ui has changed since the installation: run pip install -e . again"


def test_the_lock_file_names_no_host_and_pins_every_package() -> None:
    text = (UI / "package-lock.json").read_text("utf-8")
    assert "resolved" not in text
    assert "://" not in text
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert [name for name, entry in packages.items() if not entry.get("integrity")] == []
    asked = json.loads((UI / "package.json").read_text("utf-8"))
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_node_is_fetched_only_where_it_is_missing_and_something_is_to_be_built(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(root: Path) -> list[str]:
        found = hook.AssetsHook(str(root), {}, None, None, str(root), "wheel").dependencies()
        assert isinstance(found, list)
        return found

    (tmp_path / "server" / "ui").mkdir(parents=True)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert asked(ROOT) == []
    assert asked(tmp_path) == [hook.NODE_WHEEL]
    monkeypatch.setenv("VITK_UI", "skip")
    assert asked(tmp_path) == []


def test_a_wheel_holds_the_modules_with_their_licences_and_not_their_sources(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        ".",
    ]
    subprocess.run(command, cwd=ROOT, env=vitk_environment(), check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        licences = archive.read("server/static/dist/THIRD_PARTY_LICENSES.txt").decode()
    assert {f"server/static/dist/{path.name}" for path in DIST.iterdir()} <= names
    assert not [name for name in names if name.startswith("server/ui/") or "node_modules" in name]
    for package in json.loads((UI / "package.json").read_text("utf-8"))["dependencies"]:
        assert f"\n{package} " in "\n" + licences, package


@pytest.mark.parametrize("name", ENTRIES)
def test_a_module_is_sent_compressed_and_kept_for_good(client: FlaskClient, name: str) -> None:
    address = f"/static/{Assets().module(name)}"
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert plain.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    for response in (plain, packed):
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert int(response.headers["Content-Length"]) == len(response.data)
        assert response.headers["Vary"] == "Accept-Encoding"


def test_a_style_sheet_is_kept_for_good_at_the_address_that_pages_give(client: FlaskClient) -> None:
    (address,) = [one for one in linked(client.get("/about").text) if one.startswith("/static/vitk.")]
    given = client.get(address)
    assert "immutable" in given.headers["Cache-Control"]
    bare = client.get("/static/vitk.css")
    assert bare.data == given.data
    assert bare.headers["Cache-Control"] == "public, no-cache"
    again = client.get("/static/vitk.css", headers={"If-None-Match": bare.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path", ["dist/manifest.json", "dist/stamp.txt", "../app.py", "%2e%2e/app.py", "dist", "", "no.css", "vitk.css%00"]
)
def test_nothing_else_is_sent(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404


@pytest.mark.parametrize("path", NON_EDITOR_PAGES)
def test_script_and_style_of_a_page_weigh_little(client: FlaskClient, path: str) -> None:
    files = linked(client.get(path).text)
    assert files
    assert sum(len(client.get(file).data) for file in files) <= BUDGET


def test_pages_do_without_modules(reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Assets(tmp_path).module("sparql.js") is None
    settings = Settings()
    engine = engine_for(settings, reader.release)
    with monkeypatch.context() as patch:
        patch.setattr("server.core.assets.FOLDER", tmp_path)
        client = create_app(settings, reader, engine).test_client()
    page = client.get("/sparql", headers={"Accept": "text/html"})
    engine.close()
    assert page.status_code == 200
    assert set(re.findall("<script[^>]*>", page.text)) == {'<script type="module" src="/static/search.js">'}
    assert "<textarea" in page.text
