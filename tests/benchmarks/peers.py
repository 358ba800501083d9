"""Other SPARQL servers, started on free ports with data of ours and ended with the test."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.ports import reserved_port

VIRTUOSO = shutil.which("virtuoso-t")
ISQL = shutil.which("isql-vt")
_VIRTUOSO_SETTINGS = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DirsAllowed = {folder}
NumberOfBuffers = 100000
MaxDirtyBuffers = 60000
ThreadsPerQuery = 4
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 16
MaxKeepAlives = 16
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 1000000
"""


@dataclass(frozen=True)
class Peer:
    """A running server: where it answers queries, where it takes updates, and its process."""

    name: str
    query: str
    update: str
    pid: int


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def oxigraph(store: Path, read_only: bool = True, union: bool = True) -> Iterator[Peer]:
    """The engine's own server on a store; by default, the default graph is the union of all graphs."""
    command = [str(Path(sys.executable).with_name("oxigraph")), "serve-read-only" if read_only else "serve"]
    command += ["--location", str(store), *(["--union-default-graph"] if union else [])]
    with reserved_port() as port:
        address = f"http://127.0.0.1:{port}"
        with _process([*command, "--bind", f"127.0.0.1:{port}"], f"{address}/query") as pid:
            yield Peer("oxigraph", f"{address}/query", f"{address}/update", pid)


@contextmanager
def rdflib_endpoint(ntriples: Path) -> Iterator[Peer]:
    """The usual Python endpoint, with the triples of a file."""
    command = [str(Path(sys.executable).with_name("rdflib-endpoint")), "serve", str(ntriples), "--host", "127.0.0.1"]
    with reserved_port() as port:
        address = f"http://127.0.0.1:{port}/"
        with _process([*command, "--port", str(port)], address) as pid:
            yield Peer("rdflib-endpoint", address, address, pid)


@contextmanager
def virtuoso(folder: Path, load: bool = False) -> Iterator[Peer]:
    """A Virtuoso that lets everybody write, for tests on this machine alone.

    Args:
        folder: where it keeps its files.
        load: whether ``*.nq`` files of the folder are loaded first.
    """
    assert VIRTUOSO and ISQL
    settings = folder / "virtuoso.ini"
    with reserved_port() as port, reserved_port() as sql_port:
        settings.write_text(_VIRTUOSO_SETTINGS.format(folder=folder, port=port, sql_port=sql_port), "utf-8")
        address = f"http://127.0.0.1:{port}/sparql"
        with _process([VIRTUOSO, "+foreground", "+configfile", str(settings)], address) as pid:
            sql(sql_port, "grant SPARQL_UPDATE to \"SPARQL\"; DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 7);")
            if load:
                sql(sql_port, f"ld_dir('{folder}', '*.nq', 'urn:x'); rdf_loader_run(); checkpoint;")
            yield Peer("virtuoso", address, address, pid)


def sql(port: int, statements: str) -> None:
    """Runs statements in a Virtuoso."""
    assert ISQL
    subprocess.run([ISQL, f"127.0.0.1:{port}", "dba", "dba", f"exec={statements}"], check=True, capture_output=True)


def count(peer: Peer) -> str:
    """How many triples the server's default graph has, as CSV."""
    query = urllib.parse.urlencode({"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"})
    request = urllib.request.Request(f"{peer.query}?{query}", headers={"Accept": "text/csv"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read().decode())


@contextmanager
def _process(command: list[str], address: str) -> Iterator[int]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    try:
        _wait(process, address)
        yield process.pid
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    started = time.monotonic()
    while True:
        try:
            urllib.request.urlopen(f"{address}?query=ASK%7B%7D", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert process.poll() is None, f"{process.args!r} ended"
            assert time.monotonic() - started < 300, f"{process.args!r} does not answer"
            time.sleep(0.1)
        else:
            return
