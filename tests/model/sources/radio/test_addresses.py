"""Where a station may lie: the public Internet, by whatever name or number it is called."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import RadioError, StationLostError
from model.sources.radio.addresses import RadioAddress, checked, is_public, resolve

NOT_PUBLIC = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
    "::/128",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
    "2001:db8::/32",
]
CARRIERS = ("::ffff:0:0/96", "64:ff9b::/96", "::/96")


@st.composite
def inside(draw: st.DrawFn, networks: list[str]) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    network = ipaddress.ip_network(draw(st.sampled_from(networks)))
    return network[draw(st.integers(0, network.num_addresses - 1))]


@given(inside(NOT_PUBLIC))
def test_no_address_of_a_special_network_is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert not is_public(str(address))


@given(inside([each for each in NOT_PUBLIC if "." in each]), st.sampled_from(CARRIERS))
def test_nor_is_it_where_another_address_carries_it(address: ipaddress.IPv4Address, carrier: str) -> None:
    carrying = ipaddress.ip_network(carrier)[int(address)]
    assert not is_public(str(carrying))
    sixtofour = ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80))
    assert not is_public(str(sixtofour))


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07::1", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "017700000001", "[::1]", "[::ffff:127.0.0.1]", "0"]
)
def test_this_machine_is_refused_by_any_of_its_names(host: str) -> None:
    with pytest.raises(RadioError, match=r"not allowed here|cannot be found"):
        checked(RadioAddress.parse(f"http://{host}/"), may_be_private=False)


def test_only_the_checked_addresses_are_given() -> None:
    found = [(socket.AF_INET, ("10.0.0.1", 80)), (socket.AF_INET, ("8.8.8.8", 80))]
    address = RadioAddress.parse("http://radio.example/")
    assert checked(address, may_be_private=False, resolver=lambda *_: found) == found[1:]
    assert checked(address, may_be_private=True, resolver=lambda *_: found) == found


def test_a_name_without_an_address_may_come_back() -> None:
    with pytest.raises(StationLostError, match="cannot be found"):
        checked(RadioAddress.parse("http://no-such-station.invalid/"), may_be_private=False)
    assert resolve("127.0.0.1", 80) == [(socket.AF_INET, ("127.0.0.1", 80))]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("radio.example/live", "must begin with http"),
        ("ftp://radio.example/live", "must begin with http"),
        ("file:///etc/passwd", "must begin with http"),
        ("http://", "must begin with http"),
        ("http://name:secret@radio.example/", "name and password"),
        ("http://radio.example:22/", "Port 22"),
        ("http://radio.example:99999/", "is no address"),
        ("http://radio.example/a b", "is no address"),
        ("http://radio.example/a\r\nHost: x", "is no address"),
        ("http://[::1/", "is no address"),
        ("http://radio.example/" + "a" * 2000, "is no address"),
    ],
)
def test_what_is_no_stations_address_is_said(text: str, sentence: str) -> None:
    with pytest.raises(RadioError, match=sentence):
        RadioAddress.parse(text)


def test_an_address_is_read_as_http_asks_for_it() -> None:
    address = RadioAddress.parse(" https://Bücher.example/Füße/live?q=ä&r=%20#part ")
    assert (address.host, address.port) == ("xn--bcher-kva.example", 443)
    assert address.target == "/F%C3%BC%C3%9Fe/live?q=%C3%A4&r=%20"
    assert address.host_header == "xn--bcher-kva.example"
    assert RadioAddress.parse("http://[2606:2800::1]:8000").host_header == "[2606:2800::1]:8000"
    assert address.leading_to("/other").url == "https://Bücher.example/other"
