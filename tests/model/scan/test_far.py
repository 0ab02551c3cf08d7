"""Files that lie elsewhere: in a bucket of a real S3-compatible server, behind a list of web addresses."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from model.scan.scan import Tally

FAR = {"path", "revision"}


@pytest.fixture
def bucket(library: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The library in a bucket, beside another prefix."""
    server_of = pytest.importorskip("moto.server", reason="requires tests/requirements.txt")
    s3fs = pytest.importorskip("s3fs")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3fs.S3FileSystem.clear_instance_cache()
    storage = s3fs.S3FileSystem()
    storage.mkdir("shop")
    storage.put(str(library), "shop/music", recursive=True)
    storage.pipe_file("shop/musical/other.wav", b"beside it")
    yield "s3://shop/music"
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.filterwarnings("ignore")  # of the S3 client and its server
def test_a_bucket_gives_the_rows_of_the_same_folder(
    library: Path, bucket: str, scan: Callable[..., Tally], rows: Callable[..., dict[str, dict[str, Any]]]
) -> None:
    scan(library, table="here.parquet")
    scan(bucket, table="there.parquet")
    here, there = rows("here.parquet"), rows("there.parquet")
    assert there["d.ogg"]["path"] == "s3://shop/music/deeper/down/d.ogg"
    assert here.keys() == there.keys()
    for name, row in here.items():
        far = {told: value for told, value in there[name].items() if told not in FAR and told != "error"}
        assert far == {told: row[told] for told in far}
    assert scan(bucket, table="there.parquet").n_done_before == 6


def test_a_list_of_web_addresses_is_read_and_known_again_by_content(
    library: Path, scan: Callable[..., Tally], rows: Callable[..., dict[str, dict[str, Any]]]
) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(library)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        root = f"http://127.0.0.1:{server.server_address[1]}"
        (library / "list.txt").write_text(f"{root}/a.wav\n{root}/gone.wav\n{root}/broken.mp3\n")
        tally = scan(f"{root}/list.txt")
        assert (tally.n_scored, tally.n_failed) == (1, 2)
        assert rows()["a.wav"]["size_bytes"] == (library / "a.wav").stat().st_size
        again = scan(f"{root}/list.txt")
        assert (again.n_known, again.n_failed) == (1, 2)
    finally:
        server.shutdown()
        server.server_close()
