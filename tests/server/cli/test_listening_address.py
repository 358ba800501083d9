"""The address that ``vitk serve`` listens on: an IP address or a name, and a sentence where neither works."""

from __future__ import annotations

import socket

import pytest

from kg.errors import VitkError
from kg.settings import Settings
from server.cli.serve import listening_address


@pytest.mark.parametrize(
    ("host", "addresses"),
    [("localhost", {"127.0.0.1", "::1"}), ("127.0.0.1", {"127.0.0.1"}), ("::1", {"::1"}), ("0.0.0.0", {"0.0.0.0"})],
)
def test_a_host_gives_an_address_and_a_free_port(host: str, addresses: set[str]) -> None:
    address, port = listening_address(Settings(host=host, port=0))
    assert address in addresses
    assert port > 0


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("no-such-host.invalid", r"no-such-host\.invalid:8000: the host is unknown .* --host"),
        ("x" * 300, "the host is unknown"),
        ("192.0.2.1", r"192\.0\.2\.1:8000: .* Choose an address of this machine with --host"),
        ("2001:db8::1", r"\[2001:db8::1\]:8000: .* --host"),
    ],
)
def test_a_host_that_is_not_of_this_machine_is_reported(host: str, message: str) -> None:
    with pytest.raises(VitkError, match=message):
        listening_address(Settings(host=host))


def test_a_port_in_use_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(VitkError, match="another port with --port"):
        listening_address(Settings(port=taken.getsockname()[1]))
