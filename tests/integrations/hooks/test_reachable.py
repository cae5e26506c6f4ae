"""Which addresses a message may go to; what is looked up once is what is connected to."""

from __future__ import annotations

import socket
import time

import pytest
from tests.flows.deliver.messages import around, message
from tests.receiver import receiver

from keepfit.hooks import HookError
from keepfit.integrations.hooks.reachable import reachable
from keepfit.integrations.hooks.webhook import WebhookHook

REFUSED = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.0.0.7",
    "172.16.3.4",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "198.51.100.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%lo",
    "fc00::1",
    "ff02::1",
    "fec0::1",
    "64:ff9b:1::7f00:1",
    "4000::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
]
WRITTEN_OTHERWISE = ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"]
"""Forms of 127.0.0.1 that resolvers take."""
PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]


def answers(monkeypatch, *each):
    """Let the system's resolver give these answers for a name, one after the other; return the names it was asked for."""
    asked, real, left = [], socket.getaddrinfo, list(each)

    def getaddrinfo(host, port, *rest, **more):
        if host != "rebind.example.org":
            return real(host, port, *rest, **more)
        asked.append(host)
        found = left.pop(0)
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def ask(host, *allow):
    return reachable(host, 80, allow=allow, seconds=5, where="here")


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_of_the_public_internet_is_refused_under_any_name(monkeypatch, address):
    answers(monkeypatch, [address])
    with pytest.raises(HookError, match="no message goes there") as caught:
        ask("rebind.example.org")
    assert not caught.value.again


@pytest.mark.parametrize("host", [*REFUSED, *WRITTEN_OTHERWISE])
def test_and_written_as_a_number(host):
    with pytest.raises(HookError):
        ask(host)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_of_it_passes(monkeypatch, address):
    answers(monkeypatch, [address])
    assert ask("rebind.example.org") == (address,)


def test_one_bad_address_among_good_ones_refuses_the_name(monkeypatch):
    answers(monkeypatch, [*PUBLIC, "10.0.0.7"])
    with pytest.raises(HookError, match=r"10\.0\.0\.7"):
        ask("rebind.example.org")


@pytest.mark.parametrize(
    ("address", "allow", "passes"),
    [
        ("10.0.0.7", "rebind.example.org", True),
        ("10.0.0.7", "REBIND.example.org.", True),
        ("127.0.0.1", "rebind.example.org", True),
        ("10.0.0.7", "10.0.0.0/8", True),
        ("::ffff:10.0.0.7", "10.0.0.0/8", True),
        ("10.0.0.7", "10.0.0.7", True),
        ("fc00::1", "fc00::/7", True),
        ("169.254.169.254", "169.254.169.254", True),
        ("169.254.169.254", "rebind.example.org", False),
        ("fe80::1", "rebind.example.org", False),
        ("0.0.0.0", "rebind.example.org", False),
        ("10.0.0.7", "example.org", False),
        ("10.0.0.7", "192.168.0.0/16", False),
        ("10.0.0.7", "fc00::/7", False),
    ],
)
def test_a_name_opens_this_machine_and_private_networks_and_a_network_what_it_holds(monkeypatch, address, allow, passes):
    answers(monkeypatch, [address])
    if passes:
        assert ask("rebind.example.org", allow) == (address,)
    else:
        with pytest.raises(HookError):
            ask("rebind.example.org", allow)


def test_a_name_that_would_answer_differently_the_second_time_is_asked_once(monkeypatch, tmp_path):
    with receiver() as inside:
        asked = answers(monkeypatch, PUBLIC[:1], ["127.0.0.1"])
        reached = []
        monkeypatch.setattr(
            socket, "create_connection", lambda address, **_: reached.append(address) or (_ for _ in ()).throw(ConnectionRefusedError(111, "no"))
        )
        with pytest.raises(HookError) as caught:
            WebhookHook(url=f"http://rebind.example.org:{inside.port}/").deliver(message(), around=around(tmp_path))
        assert caught.value.again
        assert (asked, reached, inside.got) == (["rebind.example.org"], [(PUBLIC[0], inside.port)], [])


def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch, tmp_path):
    with receiver() as allowed:
        asked = answers(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
        said = WebhookHook(url=f"http://rebind.example.org:{allowed.port}/", allow=("127.0.0.0/8",)).deliver(message(), around=around(tmp_path))
        assert (asked, len(allowed.got)) == (["rebind.example.org"], 1)
        assert allowed.got[0].headers["host"] == f"rebind.example.org:{allowed.port}"
    assert "(200)" in said


def test_a_name_that_is_not_known_and_a_resolver_that_hangs_are_tried_again(monkeypatch):
    with pytest.raises(HookError, match="cannot be looked up") as caught:
        ask("nosuch.invalid")
    assert caught.value.again
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1))
    with pytest.raises(HookError, match=r"was not looked up within 0\.05 seconds") as caught:
        reachable("nosuch.invalid", 80, allow=(), seconds=0.05, where="here")
    assert caught.value.again


@pytest.mark.parametrize("host", ["a" * 300 + ".example.org", "a..b.example.org"])
def test_a_name_that_cannot_be_is_a_sentence(host):
    with pytest.raises(HookError, match="cannot be looked up"):
        ask(host)
