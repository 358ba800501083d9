"""Commands of ``vitk`` run in this process, which spares the second that a new process takes to start."""

from __future__ import annotations

import os
from dataclasses import dataclass

from click.testing import CliRunner

from server.cli.main import all_commands
from tests.support.servers import vitk_environment


@dataclass(frozen=True)
class Completed:
    """How a command ended, as ``subprocess.CompletedProcess`` says it."""

    returncode: int
    stdout: str
    stderr: str


def vitk_here(*arguments: str, **settings: object) -> Completed:
    """Runs a command with these settings in its environment.

    Raises:
        Exception: what the command does not turn into a sentence and an exit status.
    """
    environment = vitk_environment(**settings)
    unset = dict.fromkeys(name for name in os.environ if name not in environment)
    result = CliRunner().invoke(all_commands(), arguments, env={**unset, **environment}, prog_name="vitk")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Completed(result.exit_code, result.stdout, result.stderr)
