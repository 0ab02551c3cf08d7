"""Which addresses may be connected to: the check that keeps a stranger's wish out of private networks.

A name is resolved once, the addresses are checked, and what was checked is what is connected to; a name that resolves
otherwise a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

from model.errors import RadioError, StationLostError

SocketAddress = tuple[Any, ...]
Resolve = Callable[[str, int], Sequence[tuple[int, SocketAddress]]]
"""From a name and a port to families and socket addresses, as `socket.getaddrinfo` orders them."""

_PORTS: Final = {"http": 80, "https": 443}
_LOWEST_PORT: Final = 1024  # below it are mail, shells and the like, but for the Web's own
_LONGEST: Final = 2000
_CONTROL: Final = re.compile(r"[\x00-\x20\x7f]")
_SAFE: Final = "/?:@!$&'()*+,;=-._~%"
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class RadioAddress:
    """An address on the Web.

    Attributes
    ----------
    url : str
        As it was given, or as another one led to it.
    is_secure : bool
        Whether it is HTTPS.
    host : str
        Name or number, in ASCII.
    port : int
        Where it listens.
    target : str
        Path and query, as HTTP asks for them.
    """

    url: str
    is_secure: bool
    host: str
    port: int
    target: str

    @classmethod
    def parse(cls, text: str) -> RadioAddress:
        """Read an address.

        Raises
        ------
        RadioError
            If it is none, or is not on the Web.
        """
        url = text.strip()
        if len(url) > _LONGEST or _CONTROL.search(url):
            raise RadioError(f"{url[:60]!r} is no address; use one like https://radio.example/stream.mp3.")
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
            host = _in_ascii(parts.hostname or "")
        except ValueError as error:
            raise RadioError(f"{url[:60]!r} is no address; use one like https://radio.example/stream.mp3.") from error
        if parts.scheme not in _PORTS or not host:
            raise RadioError(f"{url[:60]!r} is no address of a station; it must begin with http:// or https://.")
        if parts.username is not None or parts.password is not None:
            raise RadioError("An address with a name and password in it cannot be used; use one without.")
        if port not in _PORTS.values() and port < _LOWEST_PORT:
            raise RadioError(f"Port {port} is no station's; use 80, 443, or one from {_LOWEST_PORT} on.")
        target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
        return cls(url, parts.scheme == "https", host, port, target)

    @property
    def host_header(self) -> str:
        """What HTTP calls the host: with the port, unless it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS["https" if self.is_secure else "http"] else f"{host}:{self.port}"

    def leading_to(self, reference: str) -> RadioAddress:
        """Read an address that this one leads to, which may be relative to it."""
        return RadioAddress.parse(urljoin(self.url, reference.strip()))


def is_public(address: str) -> bool:
    """Tell whether an IP address lies on the public Internet, also where it carries another one within it.

    Parameters
    ----------
    address : str
        IPv4 or IPv6, perhaps with a zone.

    Examples
    --------
    >>> is_public("93.184.215.14"), is_public("::ffff:127.0.0.1"), is_public("169.254.169.254")
    (True, False, False)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        carried = ip.ipv4_mapped or ip.sixtofour or (_last_32_bits(ip) if ip in _NAT64 else None)
        if carried is not None:
            return is_public(str(carried))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local)


def resolve(host: str, port: int) -> list[tuple[int, SocketAddress]]:
    """Ask the system for the addresses of a name.

    Raises
    ------
    OSError
        If it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


def checked(
    address: RadioAddress, *, may_be_private: bool, resolver: Resolve = resolve
) -> list[tuple[int, SocketAddress]]:
    """Resolve a name once, and give those of its addresses that may be connected to.

    Parameters
    ----------
    address : RadioAddress
        Where to.
    may_be_private : bool
        Whether this machine and private networks are allowed besides.
    resolver : callable, optional
        Gives the addresses; the system by default.

    Returns
    -------
    list
        Families and socket addresses, at least one.

    Raises
    ------
    StationLostError
        If the name cannot be resolved at this moment.
    RadioError
        If none of its addresses is allowed.
    """
    try:
        found = resolver(address.host, address.port)
    except (OSError, UnicodeError) as error:
        raise StationLostError(f"{address.host} cannot be found; check the address.") from error
    allowed = [(family, each) for family, each in found if may_be_private or is_public(str(each[0]))]
    if not allowed:
        raise RadioError(
            f"{address.host} lies on this machine or in a private network, which is not allowed here; "
            "use a public station's address."
        )
    return allowed


def _in_ascii(host: str) -> str:
    return host if ":" in host else host.encode("idna").decode()


def _last_32_bits(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
