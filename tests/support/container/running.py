"""Containers: an image run by bubblewrap as ``compose.yaml`` says.

As with a container engine, the process has a root, process ids, a network, users and capabilities of its own. There are
no control groups, so this works where a container engine may not make any; and the network has no way out.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.container.images import Image
from tests.support.paths import ROOT
from tests.support.waiting import wait_until

LENT = "/srv"
# What this module obeys, and what does not concern the inside of a container.
_OBEYED = {"volumes", "tmpfs", "read_only", "cap_drop", "security_opt"}
_OUTSIDE = {"image", "build", "environment", "ports", "profiles", "restart", "stop_grace_period"}
_FETCH = "import sys, urllib.request as r; sys.stdout.buffer.write(r.urlopen(sys.argv[1], timeout=60).read())"


@dataclass
class Container:
    """A running container.

    Attributes:
        process: bubblewrap, whose exit status is that of the command.
        pid: the first process inside, as its id is outside.
        image: what it runs.
        user: options of ``setpriv`` for a process inside.
        environment: variables of its processes.
        log: takes what it writes.
    """

    process: subprocess.Popen[bytes]
    pid: int
    image: Image
    user: list[str]
    environment: dict[str, str]
    log: Path

    def output(self) -> str:
        """What it has written so far."""
        return self.log.read_text("utf-8")

    def is_healthy(self) -> bool:
        """Whether the health check of the image says so."""
        kind, *command = self.image.config["Healthcheck"]["Test"]
        assert kind == "CMD"
        return self.run(*command).returncode == 0

    def wait_until_healthy(self, timeout: float) -> None:
        """Waits for the first good health check.

        Raises:
            AssertionError: it ended before, or the time, in seconds, is over.
        """
        wait_until(lambda: self.process.poll() is not None or self.is_healthy(), timeout)
        assert self.process.poll() is None, self.output()

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a further command inside, as ``docker exec`` does."""
        enter = ["nsenter", f"--target={self.pid}", "--mount", "--pid", "--net", "--ipc", "--uts", "--"]
        variables = [f"{name}={value}" for name, value in self.environment.items()]
        whole = [*enter, *self.user, "env", "--ignore-environment", *variables, *command]
        return subprocess.run(whole, capture_output=True, text=True, timeout=300)

    def fetch(self, address: str) -> str:
        """What a client on the network of the container gets.

        Raises:
            subprocess.CalledProcessError: no answer, or one with an error.
        """
        command = ["nsenter", f"--target={self.pid}", "--net", "--", sys.executable, "-c", _FETCH, address]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def stop(self, timeout: float) -> int:
        """Sends SIGTERM as container engines do, and returns the exit status.

        Raises:
            subprocess.TimeoutExpired: it has not ended within the time, in seconds.
        """
        os.kill(self.pid, signal.SIGTERM)
        return self.process.wait(timeout)


def service(name: str) -> dict[str, Any]:
    """A service of ``compose.yaml``."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"][name]
    return found


@contextmanager
def container(
    image: Image,
    options: dict[str, Any],
    volume: Path,
    lent: Path | None = None,
    network_of: Container | None = None,
    **environment: str,
) -> Iterator[Container]:
    """Runs the command of an image; at the end of the context nothing of it is left.

    Args:
        image: what to run.
        options: a service of ``compose.yaml``.
        volume: the folder of its one volume; it is given to the user of the image, as engines do with a new volume.
        lent: a folder that it may read as ``LENT``.
        network_of: a container whose network it shares; by default it has one of its own.
        environment: variables beside those of the image.
    """
    assert options.keys() <= _OBEYED | _OUTSIDE
    uid, gid = image.ids(image.config["User"])
    volume.mkdir(exist_ok=True)
    os.chown(volume, uid, gid)
    (target,) = [mount.partition(":")[2] for mount in options["volumes"]]
    variables = dict(entry.split("=", 1) for entry in image.config["Env"])
    variables |= {"HOME": target} | environment
    user = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--pdeathsig=keep", *_given_up(options)]
    reading, writing = os.pipe()
    bwrap = ["bwrap", *_view(image, options, volume, target), "--json-status-fd", str(writing), "--as-pid-1"]
    bwrap += ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--clearenv"]
    if lent:
        bwrap += ["--ro-bind", str(lent), LENT]
    for name, value in variables.items():
        bwrap += ["--setenv", name, value]
    # setpriv needs these capabilities to give them up.
    bwrap += [word for name in ("SETUID", "SETGID", "SETPCAP") for word in ("--cap-add", f"CAP_{name}")]
    if network_of:
        bwrap = ["nsenter", f"--target={network_of.pid}", "--net", "--", *bwrap]
    else:
        bwrap += ["--unshare-net"]
    command = [*image.config["Entrypoint"], *(image.config["Cmd"] or [])]
    log = volume.with_suffix(".log")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*bwrap, "--", *user, *command],
            pass_fds=[writing],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    os.close(writing)
    with os.fdopen(reading) as status:
        started = status.readline()
        assert started or process.wait(30) is None, log.read_text("utf-8")
        running = Container(process, json.loads(started)["child-pid"], image, user, variables, log)
        try:
            yield running
        finally:
            if process.poll() is None:
                # All processes of the container end with its first one.
                os.kill(running.pid, signal.SIGKILL)
            process.wait(30)


def _view(image: Image, options: dict[str, Any], volume: Path, target: str) -> list[str]:
    """Options of bubblewrap: which files the container sees."""
    view = ["--ro-bind" if options["read_only"] else "--bind", str(image.root), "/", "--proc", "/proc", "--dev", "/dev"]
    for folder in options["tmpfs"]:
        view += ["--perms", "1777", "--tmpfs", folder]
    return [*view, "--bind", str(volume), target, "--chdir", image.config["WorkingDir"] or "/"]


def _given_up(options: dict[str, Any]) -> list[str]:
    """Options of setpriv: what the processes of a service may not do."""
    assert (options["cap_drop"], options["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    return ["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
