"""The joined files are where the page asks for them."""

from __future__ import annotations

import json
import re
import struct

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(("name", "media_type"), [("page.mjs", "text/javascript"), ("css/page.css", "text/css")])
def test_the_page_asks_for_them_by_their_content(client: FlaskClient, name: str, media_type: str) -> None:
    address = re.search(rf'"(assets/{re.escape(name)}\?m=(\w+))"', client.get("/").text)
    assert address
    answer = client.get("/" + address[1])
    assert (answer.status_code, answer.mimetype, answer.get_etag()[0]) == (200, media_type, address[2])
    again = client.get("/" + address[1], headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_source_map_is_beside_the_script_and_so_is_every_source(client: FlaskClient) -> None:
    assert "sourceMappingURL=page.mjs.map" in client.get("/assets/page.mjs").text
    for section in client.get("/assets/page.mjs.map").json["sections"]:
        assert client.get("/assets/" + section["map"]["sources"][0], buffered=True).status_code == 200


def test_the_page_is_written_out_and_needs_none_of_dashs_scripts(client: FlaskClient) -> None:
    page = client.get("/").text
    assert '<button id="play"' in page
    assert "_dash" not in page
    assert re.findall(r'<script[^>]*src="([^"?]*)', page) == ["assets/page.mjs"]


def test_the_manifest_describes_the_page_and_its_icons_are_there(client: FlaskClient) -> None:
    assert 'rel="manifest" href="manifest.webmanifest?language=en"' in client.get("/").text
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.text)
    assert manifest["start_url"] == "."
    for icon in manifest["icons"]:
        picture = client.get("/" + icon["src"], buffered=True)
        width, height = struct.unpack(">II", picture.data[16:24])
        assert icon["sizes"] == f"{width}x{height}"


def test_a_preview_elsewhere_names_this_address_and_nothing_of_the_asker_breaks_out(client: FlaskClient) -> None:
    page = client.get("/", headers={"Host": "localhost:8050"}).text
    assert '<meta property="og:image" content="http://localhost:8050/assets/icons/icon-512.png">' in page
    assert "invalid" not in page
