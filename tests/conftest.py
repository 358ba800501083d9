"""One release is built per test session and shared; servers are real processes on free ports."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from kg.build import pipeline
from kg.reader.reader import Reader
from kg.release.release import Release
from kg.settings import Settings
from tests.support import curated_subset
from tests.support.misbehaving_endpoint import OddEngine, odd_engine
from tests.support.paths import BASE, CURATED, ROOT, TEST_RELEASES, VITK
from tests.support.servers import Running, vitk_environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.browser import Watched


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the release of the repository's own files; the test processes share it.

    With ``TEST_RELEASES`` set to a folder, releases of the same inputs are taken from there.
    """
    folder = _shared(tmp_path_factory) / "data"
    pipeline.build(CURATED, folder, BASE)
    return folder


def _shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder = Path(os.environ.get(TEST_RELEASES, base / "shared"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def release(data_dir: Path) -> Release:
    return pipeline.build(CURATED, data_dir, BASE).release


@pytest.fixture(scope="session")
def small_reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Of a release whose food tables hold a few foods: for what looks at every triple."""
    folder = tmp_path_factory.mktemp("small")
    curated = curated_subset.cut(Path(shutil.copytree(CURATED, folder / "curated")))
    return Reader(pipeline.build(curated, _shared(tmp_path_factory) / "small-data", BASE, proof=False).release)


@pytest.fixture(scope="session")
def small_release(small_reader: Reader) -> Release:
    return small_reader.release


@pytest.fixture(scope="session")
def small_data_dir(small_release: Release) -> Path:
    return small_release.path.parents[1]


@pytest.fixture(scope="session")
def reader(release: Release) -> Reader:
    """From memory, as a server answers once it is settled; tests/server/runtime/test_warmup.py compares it with one from disk."""
    reader = Reader(release)
    reader.move_to_memory()
    return reader


@pytest.fixture(scope="session")
def client(reader: Reader) -> Iterator[FlaskClient]:
    """A client of the application in this process, with real query workers that stop queries after two seconds."""
    from kg.engine.factory import engine_for
    from server.app import create_app

    settings = Settings(query_timeout=2.0, query_queue=4, page_budget_ms=60_000)
    engine = engine_for(settings, reader.release)
    assert engine.wait_until_ready(60)
    yield create_app(settings, reader, engine).test_client()
    engine.close()


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    import socket

    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return find


@pytest.fixture(scope="session")
def serve(free_port: Callable[[], int]) -> Iterator[Callable[..., Running]]:
    """Starts ``vitk serve`` and waits for its first answer; all servers end with the session."""
    started: list[subprocess.Popen[str]] = []

    def start(*flags: str, **settings: object) -> Running:
        port = free_port()
        environment = vitk_environment(port=port, **settings)
        launched = time.monotonic()
        process = subprocess.Popen(
            [*VITK, "serve", *flags],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
        )
        started.append(process)
        address = f"http://127.0.0.1:{port}"
        while True:
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, process.stdout and process.stdout.read()
                assert time.monotonic() - launched < 180, "the server does not answer"
                time.sleep(0.02)
            else:
                return Running(address, process, time.monotonic() - launched)

    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(scope="session")
def server(serve: Callable[..., Running], release: Release, data_dir: Path) -> Running:
    """One server on the shared release."""
    return serve(data_dir=data_dir)


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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Has one process begin with what needs the release and builds it, the other with what does not: pytest-xdist gives
    each of two the half of the tests, and they take from each other only when one is done."""
    need = [item for item in items if "data_dir" in getattr(item, "fixturenames", ())]
    others = [item for item in items if item not in set(need)]
    half = min(len(need), len(items) // 2)
    items[:] = [*need[:half], *others, *need[half:]]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("markexpr") == "not system":
        terminalreporter.write_line(
            "System tests were left out: they need Debian's chromium and virtuoso-opensource; run them with: pytest -m system"
        )


@pytest.fixture
def odd() -> Iterator[OddEngine]:
    """A remote endpoint that does what a test wants."""
    with odd_engine() as engine:
        yield engine


@pytest.fixture
def asking_engine(small_reader: Reader) -> Iterator[Callable[..., FlaskClient]]:
    """Makes clients of a server that asks the engine at an address."""
    from kg.engine.factory import engine_for
    from server.app import create_app

    with contextlib.ExitStack() as ended:

        def make(address: str, **settings: object) -> FlaskClient:
            chosen = Settings(remote_endpoint=address, **{"query_timeout": 5.0, **settings})  # type: ignore[arg-type]
            engine = engine_for(chosen, small_reader.release)
            ended.callback(engine.close)
            return create_app(chosen, small_reader, engine).test_client()

        yield make
