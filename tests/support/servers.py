"""Servers in processes of their own."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass


@dataclass
class Running:
    """A server in a process of its own."""

    address: str
    process: subprocess.Popen[str]
    seconds_to_first_answer: float


def vitk_environment(**settings: object) -> dict[str, str]:
    """This process's environment without settings of its own, plus the given ones."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VITK_")}
    return inherited | {f"VITK_{name.upper()}": str(value) for name, value in settings.items()}
