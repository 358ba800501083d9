"""Environments that are short of something, each made for real, and the commands that are run in all of them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kg.release.release import MANIFEST, Releases
from tests.support import minimal_curated
from tests.support.ports import reserved_port
from tests.support.servers import vitk_environment
from tests.support.waiting import becomes_true

MAPPING = """\
name = "mine"
title = "A table of my own"

[[tables]]
file = "table.csv"
key = ["code"]

[[tables.entities]]
about = "id:mine-{code}"
types = ["vitk:Food"]
[tables.entities.properties]
"rdfs:label" = { text = "name", language = "en", required = true }
"""
TABLE = "code,name\na,black kale – µ\n"
QUERY = 'SELECT ?form ("µ" AS ?sign) { ?form a <https://w3id.org/vitk/ontology#VitaminKForm> }\n'
CHECKED = """\
@prefix vitk: <ontology#> .
@prefix id: <id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .

id:kale a vitk:Food ;
    dcterms:description "A cabbage – µ."@en ;
    rdfs:label "kale"@en .
"""
SETTINGS = "query_workers = 1\n"
NOTES = '<#a> <#b> "µ" .\n'
INITIALIZE = (
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},'
    '"clientInfo":{"name":"test","version":"1"}}}\n'
)
# Relative to the folder of a case.
COMMANDS = {
    "--version": "--version",
    "--help": "--help",
    "build": "build --no-proof",
    "build with a proof": "build",
    "import": "import given/mapping.toml given/table.csv --no-proof",
    "import of a graph": "import given/notes.ttl --graph https://example.org/notes --no-proof",
    "forget": "forget mine",
    "diff": "diff",
    "check": "check given/checked.ttl given/mapping.toml",
    "check --fix": "check --fix given/checked.ttl",
    "export ontology": "export ontology written/ontology.ttl",
    "export classes": "export classes written/classes.svg",
    "export nanopubs": "export nanopubs written/all.trig",
    "describe": "describe id:phylloquinone",
    "explain": "explain id:phylloquinone vitk:isFormOf id:vitamin-k",
    "releases": "releases",
    "releases --prune": "releases --prune --keep 1",
    "query": "query given/query.rq",
    "query --format": "query given/query.rq --format json",
    "query --name": "query --name forms-of-a-vitamin",
    "query --list": "query --list",
    "push": "push --remote-endpoint http://127.0.0.1:9/sparql",
    "mcp": "mcp",
    "serve": "serve --no-build",
}
# Rights come from the owner alone, as for people who are not root; and the user has no entry in /etc/passwd.
UNPRIVILEGED = (
    *("bwrap", "--die-with-parent", "--unshare-pid", "--unshare-user", "--uid", "4711", "--gid", "4711"),
    *("--cap-drop", "ALL"),
)
SECONDS_TO_SERVE = 6.0
# As the console script, it takes no modules from the working directory.
_VITK = (sys.executable, "-P", "-c", "from server.cli.main import main; main()")


@dataclass(frozen=True)
class Case:
    """A folder with curated files, a data folder, what commands are given, and a place for what they write."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def releases(self) -> Releases:
        return Releases(self.data)

    def files_of_release(self) -> list[Path]:
        """The files that are read first; others are as these."""
        (release,) = self.releases.all()
        return [release.path / MANIFEST, release.search_index, release.store / "CURRENT", release.completion]

    def files_given(self) -> list[Path]:
        """The files that people write."""
        folders = (self.folder / "given", self.folder / "curated")
        return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


@dataclass(frozen=True)
class Environment:
    """What is short.

    Attributes:
        damage: changes the folder of a case before a command is run.
        wrapper: a command that runs another one, by the folder of the case.
        variables: of the environment; an empty one is unset.
        stdout: opens standard output; ``None`` closes it and standard input.
        is_survived: whether every command must do its work all the same.
    """

    damage: Callable[[Case], object] = lambda case: None
    wrapper: Callable[[Case], tuple[str, ...]] = lambda case: ()
    variables: dict[str, str] = field(default_factory=dict)
    stdout: Callable[[], int] | None = lambda: os.open(os.devnull, os.O_WRONLY)
    is_survived: bool = False


def make_base(folder: Path) -> Case:
    """Makes a case in which all commands but ``push`` and ``diff`` succeed: there is one release."""
    case = Case(folder)
    minimal_curated.write(folder / "curated")
    for name in ("given", "written"):
        (folder / name).mkdir()
    written = {
        "mapping.toml": MAPPING,
        "table.csv": TABLE,
        "query.rq": QUERY,
        "s.toml": SETTINGS,
        "notes.ttl": NOTES,
        "checked.ttl": CHECKED,
    }
    for name, text in written.items():
        (folder / "given" / name).write_text(text, "utf-8")
    done = run(case, COMMANDS["import"], Environment())
    assert done.returncode == 0, done.stderr
    return case


def run(case: Case, command: str, environment: Environment) -> subprocess.CompletedProcess[str]:
    """Runs a command in an environment; a server is stopped when it answers, or after ``SECONDS_TO_SERVE``."""
    if command.startswith("serve"):
        with reserved_port() as port:
            return _run(case, f"{command} --port {port}", environment, lambda: _answers(port))
    return _run(case, command, environment, None)


def _run(
    case: Case, command: str, environment: Environment, is_done: Callable[[], bool] | None
) -> subprocess.CompletedProcess[str]:
    environment.damage(case)
    settings = {
        "data_dir": case.data,
        "curated_dir": case.folder / "curated",
        "settings": case.folder / "given" / "s.toml",
    }
    variables = {**vitk_environment(**settings), "PYTHONDONTWRITEBYTECODE": "1", **environment.variables}
    output = environment.stdout() if environment.stdout else None
    with (case.folder / "errors").open("wb") as errors:
        process = subprocess.Popen(
            [*environment.wrapper(case), *_VITK, *command.split()],
            cwd=case.folder,
            env={name: value for name, value in variables.items() if value},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=errors,
            preexec_fn=None if environment.stdout else lambda: os.closerange(0, 2),
        )
    if output is not None:
        os.close(output)
    if is_done is not None:
        becomes_true(lambda: is_done() or process.poll() is not None, SECONDS_TO_SERVE)
        process.send_signal(signal.SIGTERM)
    process.communicate(INITIALIZE.encode(), timeout=120)
    return subprocess.CompletedProcess(
        command, process.returncode, "", (case.folder / "errors").read_text("utf-8", "backslashreplace")
    )


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        return bool(answer.status == 200)
    return False
