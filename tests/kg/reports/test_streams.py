"""Standard streams that are closed, full or of another encoding, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT

PREPARED = "import os, sys; from kg.reports import streams; streams.prepare(); "


def run(
    code: str, closed: tuple[int, ...] = (), stdout: Any = subprocess.DEVNULL, encoding: str = "utf-8"
) -> subprocess.CompletedProcess[bytes]:
    def close() -> None:
        for number in closed:
            os.close(number)

    return subprocess.run(
        [sys.executable, "-c", PREPARED + code],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        preexec_fn=close,
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_an_encoding_lacks_is_written_as_escapes(encoding: str) -> None:
    done = run("print('5 µg → ∞')", stdout=subprocess.PIPE, encoding=encoding)
    expected = "5 µg → ∞\n".encode(encoding, "backslashreplace")
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, b"")


@pytest.mark.parametrize("closed", [(0,), (1,), (0, 1), (0, 1, 2)])
def test_a_closed_stream_is_empty_or_takes_everything(closed: tuple[int, ...], tmp_path: Path) -> None:
    target = tmp_path / "file"
    code = f"file = open({str(target)!r}, 'w'); print('lost', flush=True); file.write(sys.stdin.read() + 'kept'); file.close()"
    done = run(code, closed)
    assert done.returncode == 0, done.stderr
    # A file that got the number of a closed stream would contain what was printed.
    assert target.read_text("utf-8") == "kept"


def test_a_failure_names_standard_output_and_python_ends_without_another_one() -> None:
    code = """
try:
    print("x" * 100_000, flush=True)
except OSError as error:
    print(error.filename, error.strerror, file=sys.stderr)
print("y")
"""
    with Path("/dev/full").open("wb") as full:
        done = run("\n" + code, stdout=full)
    assert (done.returncode, done.stderr) == (0, b"standard output No space left on device\n")
