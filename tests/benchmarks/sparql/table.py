"""The table that the benchmark of the SPARQL service prints, line by line."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

_TITLE, _CLIENTS, _OURS, _PEER = 32, 8, 10, 34


class Table:
    """A column for our server and one for each peer.

    Args:
        peers: their names.
    """

    def __init__(self, peers: Sequence[str]) -> None:
        self._peers = peers
        head = "".join(f"{f'{name} (x, from to)':>{_PEER}}" for name in peers)
        print(f"{'answers a second':<{_TITLE}}{'clients':>{_CLIENTS}}{'vitk':>{_OURS}}{head}", flush=True)

    def rates(self, title: str, clients: int, found: Mapping[str, list[float]], least: Mapping[str, float]) -> None:
        """Prints a line of rates with the ratios to peers.

        Args:
            title: what was asked.
            clients: how many asked at once.
            found: the rates of each run, by server.
            least: the least ratios to peers; 0 where there is none.
        """
        line = f"{title:<{_TITLE}}{clients:>{_CLIENTS}}{statistics.median(found['vitk']):>{_OURS}.1f}"
        missed = []
        for name in self._peers:
            cell = "-"
            if name in found:
                ratios = sorted(ours / theirs for ours, theirs in zip(found["vitk"], found[name], strict=True))
                ratio = statistics.median(ratios)
                cell = f"{statistics.median(found[name]):.1f}  x {ratio:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
                if ratio < least[name]:
                    missed.append(f"{name} below {least[name]:g}")
            line += f"{cell:>{_PEER}}"
        print(line + ("   " + ", ".join(missed) if missed else ""), flush=True)

    def figures(self, title: str, found: Mapping[str, float]) -> None:
        """Prints a line of one figure for each server."""
        cells = "".join(f"{found[name]:>{_PEER}.0f}" for name in self._peers)
        print(f"{title:<{_TITLE + _CLIENTS}}{found['vitk']:>{_OURS}.0f}{cells}", flush=True)
