"""Which addresses of a host a message may go to: of the public internet, or allowed by name. The address that was looked at is the one to connect to.

A name that is looked up twice may answer differently the second time (DNS rebinding): so it is looked up once, and its answer is used.
"""

from __future__ import annotations

import queue
import re
import socket
import threading
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from keepfit.hooks import HookError

Address = IPv4Address | IPv6Address
NAT64 = IPv6Network("64:ff9b::/96")
COMPATIBLE = IPv6Network("::/96")
UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is given out for the public internet (RFC 4291); beside it lie old site-local networks and local NAT64, which Python calls global."""
MOST = 8
HOST = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?")


def reachable(host: str, port: int, *, allow: Sequence[str], seconds: float, where: str) -> tuple[str, ...]:
    """Return the addresses of a host, at most eight, in the order of the system; raises `HookError` if one of them is not allowed.

    `allow` has names of hosts, which may then lie in a private network or on this machine, and networks (`10.0.0.0/8`, or one address), which are
    needed for link-local and multicast addresses.
    """
    found = tuple(dict.fromkeys(_resolved(host, port, seconds, where)))[:MOST]
    for text in found:
        kind = _refused(ip_address(text), host, allow)
        if kind is not None:
            fix = f"if it is meant: allow: [{text}]" if kind in ONLY_BY_NETWORK else f"if it is meant: allow: [{host}], or [{text}]"
            raise HookError(f"{host} is {kind if host == text else f'{text}, {kind}'}: no message goes there", again=False, where=where, fix=fix)
    return found


def embedded(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for (mapped, compatible, NAT64, 6to4), else the address itself.

    >>> embedded(IPv6Address("::ffff:127.0.0.1")), embedded(IPv6Address("64:ff9b::a9fe:a9fe")), embedded(IPv6Address("::1"))
    (IPv4Address('127.0.0.1'), IPv4Address('169.254.169.254'), IPv6Address('::1'))
    """
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64 or (address in COMPATIBLE and int(address) > 0xFFFF):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def kind_of(address: Address) -> str | None:
    """Return what keeps an address from being one of the public internet, None if it is one."""
    kinds = (
        (address.is_unspecified, UNSPECIFIED),
        (address.is_loopback, "an address of this machine"),
        (address.is_link_local, LINK_LOCAL),
        (address.is_multicast, MULTICAST),
        (address == IPv4Address("255.255.255.255"), MULTICAST),
        (not address.is_global or (isinstance(address, IPv6Address) and address not in UNICAST), "an address of a private network"),
    )
    return next((kind for holds, kind in kinds if holds), None)


UNSPECIFIED = "no address of a host"
LINK_LOCAL = "a link-local address (where clouds keep credentials)"
MULTICAST = "an address of many hosts"
ONLY_BY_NETWORK = (UNSPECIFIED, LINK_LOCAL, MULTICAST)


def check_allowed(allow: Sequence[str]) -> None:
    """Raise `ValueError` for what is neither the name of a host nor a network."""
    for each in allow:
        try:
            ip_network(each, strict=False)
        except ValueError:
            if not HOST.fullmatch(each):
                raise ValueError(f"{each[:60]!r} is neither the name of a host (bot.corp) nor a network (10.0.0.0/8)") from None


def _refused(address: Address, host: str, allow: Sequence[str]) -> str | None:
    """What keeps this address from being one to connect to, None if nothing does."""
    inner = embedded(address)
    kind = kind_of(inner) or (kind_of(address) if inner is address else None)
    if kind is None or any(one in network for network in _networks(allow) for one in (address, inner)):
        return None
    named = host.rstrip(".").lower() in {each.rstrip(".").lower() for each in allow}
    return None if named and kind not in ONLY_BY_NETWORK else kind


def _networks(allow: Sequence[str]) -> list[IPv4Network | IPv6Network]:
    found: list[IPv4Network | IPv6Network] = []
    for each in allow:
        try:
            found.append(ip_network(each, strict=False))
        except ValueError:
            continue  # the name of a host
    return found


def _resolved(host: str, port: int, seconds: float, where: str) -> list[str]:
    """The host's addresses, asked for in a thread: the system's resolver knows no deadline."""
    answer: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
            answer.put([str(entry[4][0]).partition("%")[0] for entry in found])
        except (OSError, UnicodeError) as bad:
            answer.put(bad)

    threading.Thread(target=ask, daemon=True).start()
    try:
        got = answer.get(timeout=seconds)
    except queue.Empty:
        raise HookError(f"{host} was not looked up within {seconds:g} seconds", again=True, where=where) from None
    if isinstance(got, list) and got:
        return got
    said = getattr(got, "strerror", None) or "it has no address"
    raise HookError(f"{host} cannot be looked up: {said}", again=True, where=where, fix="check the name, and that there is a network")
