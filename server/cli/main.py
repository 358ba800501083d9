"""The console script ``vitk``: the commands of ``kg.cli`` and those of the server."""

from __future__ import annotations

import os
import sys

import click

from kg.cli import commands
from kg.command_context import error_boundary
from kg.errors import VitkError
from kg.reports import streams
from server.cli import process_limits
from server.cli.describe import describe
from server.cli.mcp import mcp
from server.cli.query import push, query
from server.cli.serve import serve


def main() -> None:
    """Runs the command line; ends the process."""
    streams.prepare()
    with error_boundary(debug=False):
        if reason := unsupported_platform(sys.platform, _c_library()) or process_limits.prepare():
            raise VitkError(reason)
        all_commands()()


def all_commands() -> click.Group:
    """The group of all commands."""
    for command in (serve, query, describe, push, mcp):
        commands.add_command(command)
    return commands


def unsupported_platform(platform: str, c_library: str) -> str:
    """Says why vitk cannot run here; empty on a supported platform.

    Query workers are limited and killed by Linux system calls (pidfd, memfd, prctl), and the packages that vitk needs
    are published for glibc.

    Args:
        platform: as ``sys.platform``.
        c_library: as ``os.confstr("CS_GNU_LIBC_VERSION")``; empty for another C library.
    """
    if platform != "linux":
        return f"vitk runs on Linux only, not on {platform}. Use a Linux machine, WSL, or the container image."
    if not c_library.startswith("glibc"):
        return "vitk needs Linux with glibc; this system has another C library. Use Debian, Ubuntu, Fedora or the like."
    return ""


def _c_library() -> str:
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, ValueError):
        return ""
