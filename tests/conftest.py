"""Shared fixtures: one release for all tests and sessions, servers that are real processes, real browsers."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from kg.reader.reader import Reader
from kg.release.release import Release
from kg.settings import Settings
from tests.support import curated_subset
from tests.support.misbehaving_endpoint import MisbehavingEndpoint, misbehaving_endpoint
from tests.support.paths import CURATED, TEST_RELEASES
from tests.support.ports import reserved_port
from tests.support.servers import Running, start_server
from tests.support.session import parallel, release_cache

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.browser import Watched

NEEDS_RELEASE = {"data_dir", "release"}


@pytest.fixture(scope="session")
def data_dir(release: Release) -> Path:
    """A data folder with the release of the repository's own files; test processes and sessions share it."""
    return release.path.parents[1]


@pytest.fixture(scope="session")
def release() -> Release:
    """The release of the repository's own files.

    It is built without the proof that OWL finds no contradiction, unless it shares a folder with a ``vitk build``:
    tests/kg/build/infer/test_rules_and_owl.py proves the same data.
    """
    return release_cache.build(CURATED, proof=TEST_RELEASES in os.environ)


@pytest.fixture(scope="session")
def small_reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Of a release whose food tables hold a few foods: for what looks at every triple."""
    curated = curated_subset.cut(Path(shutil.copytree(CURATED, tmp_path_factory.mktemp("small") / "curated")))
    return Reader(release_cache.build(curated, proof=False, name="small-data"))


@pytest.fixture(scope="session")
def small_release(small_reader: Reader) -> Release:
    return small_reader.release


@pytest.fixture(scope="session")
def small_data_dir(small_release: Release) -> Path:
    return small_release.path.parents[1]


@pytest.fixture(scope="session")
def reader(release: Release) -> Reader:
    return Reader(release)


@pytest.fixture(scope="session")
def client(reader: Reader) -> Iterator[FlaskClient]:
    """A client of the application in this process, with real query workers that stop queries after five seconds."""
    from kg.engine.factory import engine_for
    from server.app import create_app

    settings = Settings(query_timeout=5.0, page_budget_ms=60_000)
    engine = engine_for(settings, reader.release)
    assert engine.wait_until_ready(60)
    yield create_app(settings, reader, engine).test_client()
    engine.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    """Starts ``vitk serve`` and waits for its first response; all servers end with the session."""
    logs = tmp_path_factory.mktemp("servers")
    with contextlib.ExitStack() as ended:

        def start(*flags: str, **settings: object) -> Running:
            port = ended.enter_context(reserved_port())
            running = start_server(port, logs / f"{port}.log", *flags, **settings)
            ended.callback(running.end, signal.SIGTERM)
            return running

        yield start


@pytest.fixture(scope="session")
def server(serve: Callable[..., Running], release: Release, data_dir: Path) -> Running:
    """One server on the shared release, as it is by default: it loads the graph into memory, twice."""
    return serve("--no-build", data_dir=data_dir)


@pytest.fixture(scope="session")
def disk_server(serve: Callable[..., Running], release: Release, data_dir: Path) -> Running:
    """One server on the shared release that answers from disk: for few requests that is sooner, and the answers are the same."""
    return serve("--no-build", data_dir=data_dir, in_memory_quads=0)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, which asks nobody for anything but the pages that it is sent to."""
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium")
    assert found, "Debian's chromium is missing: apt-get install chromium"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def editor(browser: Browser, server: Running) -> Iterator[Watched]:
    """The page with an empty editor that has the focus."""
    from tests.support.browser import watch, write

    watched = watch(browser, server.address, permissions=["clipboard-read", "clipboard-write"])
    watched.go("/sparql")
    write(watched.page, "")
    yield watched
    watched.page.context.close()


def pytest_configure() -> None:
    # Java runs for seconds here, beside other tests: compiling what it runs a little takes a third less of two cores.
    os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Before pytest-xdist reads its options: uses several processes where most of the suite runs."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        # A worker of pytest-xdist runs this hook too, and would start workers of its own.
        return
    has_paths = config.args_source is pytest.Config.ArgsSource.ARGS
    count = parallel.process_count(config.option, has_paths=has_paths, cores=parallel.available_cores())
    if count:
        config.option.numprocesses = count
        config.option.dist = "worksteal"


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    if NEEDS_RELEASE.intersection(getattr(item, "fixturenames", ())):
        item.add_marker(pytest.mark.full_release)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    needed = [item.get_closest_marker("full_release") is not None for item in items]
    items[:] = [items[position] for position in parallel.arranged(needed, processes)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("markexpr") == "not system":
        terminalreporter.write_line(
            "System tests were left out: they need root and the Debian packages of .ci/run, or many seconds. "
            "Run them with: pytest -m system"
        )


@pytest.fixture
def endpoint() -> Iterator[MisbehavingEndpoint]:
    """A remote endpoint that does what a test wants."""
    with misbehaving_endpoint() as running:
        yield running


@pytest.fixture
def remote_client(small_reader: Reader) -> Iterator[Callable[..., FlaskClient]]:
    """Makes clients of a server that sends queries to the endpoint at an address."""
    from kg.engine.factory import engine_for
    from tests.support.session.applications import application

    with contextlib.ExitStack() as ended:

        def make(address: str, **settings: object) -> FlaskClient:
            chosen = Settings(remote_endpoint=address, **{"query_timeout": 5.0, **settings})  # type: ignore[arg-type]
            engine = engine_for(chosen, small_reader.release)
            ended.callback(engine.close)
            return application(chosen, small_reader, engine).test_client()

        yield make
