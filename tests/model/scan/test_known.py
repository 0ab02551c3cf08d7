"""What a table knows, beside a plain dictionary's answer."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from model.scan.files import FoundFile
from model.scan.known import Known

SCORED_BY = {"model_sha256": "m", "hop_seconds": 3.0}
CONTENTS = ["00" * 32, "ab" * 31 + "00", "ff" * 32]  # bytes of zero at an end are part of a hash

written = st.fixed_dictionaries(
    {
        "path": st.sampled_from(["a", "b", "c"]),
        "size_bytes": st.sampled_from([None, 0, 7]),
        "revision": st.sampled_from([None, "1", "2"]),
        "content_sha256": st.sampled_from([None, *CONTENTS]),
        "error": st.sampled_from([None, "broken"]),
        "model_sha256": st.sampled_from(["m", "other"]),
        "hop_seconds": st.sampled_from([3.0, 0.5]),
        "windows_part": st.sampled_from([None, "part"]),
    }
)
files = st.builds(
    FoundFile, st.sampled_from(["a", "b", "c", "d"]), st.sampled_from([None, 0, 7]), st.sampled_from([None, "1", "2"])
)


def counts(row: dict[str, Any], *, needs_windows: bool, retries_errors: bool) -> bool:
    if (row["model_sha256"], row["hop_seconds"]) != ("m", 3.0) or row["content_sha256"] is None:
        return False
    if row["error"] is not None:
        return not retries_errors
    return not needs_windows or row["windows_part"] is not None


@given(st.lists(written, max_size=8), files, st.booleans(), st.booleans(), st.booleans())
def test_it_answers_as_a_walk_through_all_rows_does(
    rows: list[dict[str, Any]], file: FoundFile, needs_windows: bool, trusts: bool, retries: bool
) -> None:
    known = Known(
        rows, scored_by=SCORED_BY, needs_windows=needs_windows, trusts_revisions=trusts, retries_errors=retries
    )
    good = [row for row in rows if counts(row, needs_windows=needs_windows, retries_errors=retries)]
    last = next((row for row in reversed(rows) if row["path"] == file.address), None)
    state = (file.size_bytes, file.revision)
    expected = trusts and None not in state and last in good and (last["size_bytes"], last["revision"]) == state
    assert known.is_done(file) is bool(expected)

    like = [
        row
        for row in good
        if row["error"] is None
        and (row["path"] == file.address or (file.size_bytes is not None and row["size_bytes"] == file.size_bytes))
    ]
    assert sorted(known.contents_like(file)) == sorted({row["content_sha256"] for row in like})
    for content in known.contents_like(file):
        assert rows[known.row_of_content(content, file)]["content_sha256"] == content

    replaced = [
        number for number, row in enumerate(rows) if row["path"] in {later["path"] for later in rows[number + 1 :]}
    ]
    assert known.replaced() == replaced
