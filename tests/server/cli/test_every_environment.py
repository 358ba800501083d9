"""Every command in every environment: it works or says in a sentence what is missing, and the current release stays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from server.cli.main import all_commands
from tests.server.cli.environments import COMMANDS, UNPRIVILEGED, Case, Environment, make_base, run

NOWHERE = "/nonexistent/home"
# What ends a server that works.
STOPPED = (0, -15)
ALL_FILES = ("--dev-bind", "/", "/", "--proc", "/proc")
READ_ONLY = ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
LITTLE_SPACE = 64 << 10


def broken_pipe() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def opened(path: str) -> Callable[[], int]:
    return lambda: os.open(path, os.O_WRONLY)


def changed(files: Callable[[Case], list[Path]], change: Callable[[Path], object]) -> Callable[[Case], object]:
    return lambda case: [change(path) for path in files(case)]


def in_latin_1(path: Path) -> None:
    path.write_bytes(path.read_bytes().decode("utf-8").replace("–", "é").encode("latin-1"))


def in_utf_16(path: Path) -> None:
    path.write_bytes(path.read_bytes().decode("utf-8").encode("utf-16"))


def foreign_modules(case: Case) -> None:
    for name in ("kg", "server"):
        (case.folder / name).mkdir()
        (case.folder / name / "__init__.py").write_text("raise SystemExit('the wrong module')", "utf-8")
    for name in ("gzip", "json", "tempfile", "multiprocessing"):
        (case.folder / f"{name}.py").write_text("raise SystemExit('the wrong module')", "utf-8")


def hidden_files(case: Case) -> None:
    for folder in (case.data, case.data / "releases", case.data / "tables", case.folder / "curated" / "entities"):
        (folder / ".DS_Store").write_bytes(b"\xff")
        (folder / ".#entities.ttl").write_bytes(b"\xff")


def full_disk(case: Case) -> tuple[str, ...]:
    """The folder of the case is on a disk with little space left; what is there afterwards is copied back."""
    disk = case.folder.with_name("disk")
    disk.mkdir()
    size = sum(path.stat().st_blocks * 512 for path in case.folder.rglob("*")) + LITTLE_SPACE
    script = """
        cp -a "$0/." "$1" && export TMPDIR="$0" || exit 99
        folder=$0 disk=$1; shift
        bwrap --die-with-parent --dev-bind / / --bind "$disk" "$folder" --chdir "$folder" "$@"
        status=$?
        rm -r "$folder/data" && cp -a "$disk/data" "$folder"
        exit $status"""
    small = ("bwrap", "--die-with-parent", *ALL_FILES, "--size", str(size), "--tmpfs", str(disk))
    return (*small, "sh", "-c", script, str(case.folder), str(disk))


ENVIRONMENTS = {
    "as usual": Environment(is_survived=True),
    "no home and no entry in passwd": Environment(
        variables={"HOME": "", "VITK_SETTINGS": ""},
        wrapper=lambda case: (*UNPRIVILEGED, *ALL_FILES),
        is_survived=True,
    ),
    "nor a data folder": Environment(
        variables={"HOME": "", "VITK_SETTINGS": "", "VITK_DATA_DIR": ""},
        wrapper=lambda case: (*UNPRIVILEGED, *ALL_FILES),
    ),
    "no such home": Environment(variables={"HOME": NOWHERE, "VITK_SETTINGS": ""}, is_survived=True),
    "a home of somebody else": Environment(
        damage=lambda case: (case.folder / "home").mkdir(mode=0),
        variables={"HOME": "home", "XDG_CONFIG_HOME": "", "VITK_SETTINGS": ""},
        wrapper=lambda case: (*UNPRIVILEGED, *ALL_FILES, "--setenv", "HOME", str(case.folder / "home")),
        is_survived=True,
    ),
    "foreign modules": Environment(damage=foreign_modules, is_survived=True),
    "hidden files": Environment(damage=hidden_files, is_survived=True),
    "a name with all signs": Environment(is_survived=True),
    "standard output is full": Environment(stdout=opened("/dev/full")),
    "standard output is closed": Environment(stdout=None, is_survived=True),
    "nobody reads": Environment(stdout=broken_pipe),
    "standard output in ASCII": Environment(variables={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}, is_survived=True),
    "a read-only root": Environment(
        wrapper=lambda case: (*UNPRIVILEGED, *READ_ONLY, "--tmpfs", "/run",
                              "--bind", str(case.folder), str(case.folder)),
        variables={"TMPDIR": "/run"},
        is_survived=True,
    ),
    "nothing can be written": Environment(wrapper=lambda case: (*UNPRIVILEGED, *READ_ONLY)),
    "a missing temporary folder": Environment(variables={"TMPDIR": NOWHERE}, is_survived=True),
    "a full disk": Environment(wrapper=full_disk),
    "an unreadable release": Environment(
        damage=changed(Case.files_of_release, lambda path: path.chmod(0)),
        wrapper=lambda case: (*UNPRIVILEGED, *ALL_FILES),
    ),
    "an empty release": Environment(damage=changed(Case.files_of_release, lambda path: path.write_bytes(b""))),
    "unreadable files": Environment(
        damage=changed(Case.files_given, lambda path: path.chmod(0)),
        wrapper=lambda case: (*UNPRIVILEGED, *ALL_FILES),
    ),
    "empty files": Environment(damage=changed(Case.files_given, lambda path: path.write_bytes(b""))),
    "files in Latin-1": Environment(damage=changed(Case.files_given, in_latin_1)),
    "files in UTF-16": Environment(damage=changed(Case.files_given, in_utf_16)),
}  # fmt: skip


def pairs() -> list[tuple[str, str]]:
    """Every command with every environment; the forms of a command take turns, since they read and write alike."""
    forms: dict[str, list[str]] = {}
    for form, words in COMMANDS.items():
        forms.setdefault(words.split()[0], []).append(form)
    return [(name, of[turn % len(of)]) for turn, name in enumerate(ENVIRONMENTS) for of in forms.values()]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case that works; it is copied before anything happens to it."""
    return make_base(tmp_path_factory.mktemp("base")).folder


def test_every_command_is_in_the_matrix() -> None:
    words = {form: text.split()[0] for form, text in COMMANDS.items()}
    assert set(words.values()) == {*all_commands().commands, "--help", "--version"}
    assert {form for _, form in pairs()} == set(COMMANDS)
    assert {(name, words[form]) for name, form in pairs()} == {(n, w) for n in ENVIRONMENTS for w in words.values()}


@pytest.mark.system
@pytest.mark.parametrize(("name", "command"), pairs())
def test_a_command_works_or_says_what_is_missing(base: Path, tmp_path: Path, name: str, command: str) -> None:
    environment = ENVIRONMENTS[name]
    folder = tmp_path / ("a [b] #é%41?" if name == "a name with all signs" else "case")
    case = Case(Path(shutil.copytree(base, folder)))
    before = (case.data / "current").read_bytes()
    done = run(case, COMMANDS[command], environment)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    if done.returncode == 0 or (command == "serve" and done.returncode in STOPPED):
        return
    assert command in ("push", "diff") or not environment.is_survived, done.stderr
    # click says so of files that it cannot open.
    is_usage = done.returncode == 2 and "is not readable" in done.stderr
    is_sentence = done.returncode == 1 and (done.stderr.startswith("vitk: ") or name == "nobody reads")
    assert is_sentence or is_usage, done.stderr
    assert (case.data / "current").read_bytes() == before
    assert not list(case.data.glob("releases/.building-*"))
