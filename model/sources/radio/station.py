"""Tuning in: from an address, by redirects and playlists, to the bytes of a station."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from model.errors import RadioError, StationLostError
from model.sources.radio import playlists
from model.sources.radio.addresses import RadioAddress
from model.sources.radio.client import Answer, Client
from model.sources.radio.icy import IcyReader, printable

_MOST_STEPS: Final = 6
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_LATER: Final = (408, 425, 429)


@dataclass(frozen=True, eq=False)
class Station:
    """A station that one is tuned in to.

    Attributes
    ----------
    reader : IcyReader
        Gives its bytes, and knows what plays.
    name : str
        What it calls itself, else its host.
    genre : str
        What it says that it plays; empty where it says nothing.
    has_end : bool
        Whether it is a file.
    answer : Answer
        The connection.
    """

    reader: IcyReader
    name: str
    genre: str
    has_end: bool
    answer: Answer


def tune_in(url: str, client: Client, *, may_be_private: bool) -> Station:
    """Follow an address to its station.

    Parameters
    ----------
    url : str
        HTTP or HTTPS; of a stream, a file or a playlist.
    client : Client
        Asks.
    may_be_private : bool
        Whether the address may lie in a private network. What it leads to may only if it does itself: a public
        address leads nobody into a private network.

    Returns
    -------
    Station
        Nothing of its sound has been read.

    Raises
    ------
    StationLostError
        If it cannot be reached at this moment.
    RadioError
        If there is no station, or it may not be connected to.
    """
    address = RadioAddress.parse(url)
    for _ in range(_MOST_STEPS):
        answer = client.get(address, may_be_private=may_be_private)
        try:
            leads_to = _leads_to(answer)
            if leads_to is None:
                return _station(answer)
            address = address.leading_to(leads_to)
        except BaseException:
            answer.close()
            raise
        answer.close()
        may_be_private = answer.is_private
    raise RadioError(f"The address leads on for more than {_MOST_STEPS} steps; use the station's own.")


def _leads_to(answer: Answer) -> str | None:
    """Give the address that an answer refers to; None for an answer that is sound."""
    host = answer.address.host
    if answer.status in _REDIRECTS:
        if not (location := answer.header("Location")):
            raise RadioError(f"{host} says that the station is elsewhere, but not where.")
        return location
    if answer.status >= 500 or answer.status in _LATER:
        raise StationLostError(f"{host} answers with status {answer.status}; try again later.")
    if answer.status != 200:
        raise RadioError(f"{host} answers with status {answer.status}, so there is no station at this address.")
    kind = answer.header("Content-Type")
    if playlists.is_playlist(kind, answer.address.target.partition("?")[0]):
        return playlists.entry(answer.whole(playlists.LARGEST_BYTES))
    if kind.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml"):
        raise RadioError(f"{host} answers with a web page, not with sound; use the address of the stream itself.")
    return None


def _station(answer: Answer) -> Station:
    said = answer.header("icy-metaint")
    interval = int(said) if re.fullmatch(r"\d{1,9}", said, re.ASCII) else 0
    return Station(
        IcyReader(answer, interval),
        printable(answer.header("icy-name")) or answer.address.host,
        printable(answer.header("icy-genre")),
        answer.has_end,
        answer,
    )
