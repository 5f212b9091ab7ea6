"""What our own renderings say is read again, and every element is accounted for."""

from __future__ import annotations

import gzip
import os
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from builders.referrals import Size, referral

from clew.exchange.foreign.worker import FORMATS, read_file
from clew.exchange.renderings import renderings

FIXTURES = os.environ.get("CLEW_FIXTURES")
MADE = referral(3, Size(persons=5))
MEMBERS = {
    "case": "case/referral.jsonld.gz",
    "vics": "vics/case.json",
    "stix": "stix/bundle.json",
    "ftm": "ftm/entities.ftm.json",
    "misp": "misp/event.json",
}
TEXTS = {name: b"".join(chunks) for name, chunks in renderings(MADE)}


def text_of(form: str) -> bytes:
    text = TEXTS[MEMBERS[form]]
    return gzip.decompress(text) if form == "case" else text


def read(text: bytes, form: str, folder: Path) -> dict[str, list[dict]]:
    file = folder / "given"
    file.write_bytes(text)
    found: dict[str, list[dict]] = {}
    handle = os.open(file, os.O_RDONLY)
    try:
        asked = {"form": form, "exhibit_id": "file-1", "item_id": "i", "source_id": "0" * 64,
                 "path": "given", "file": handle}  # fmt: skip
        for part in read_file(asked):
            if isinstance(part, dict):
                return {"refused": [part]}
            found.setdefault(part.table.table_name, []).extend(part.data.to_pylist())
    finally:
        os.close(handle)
    return found


def accounted(found: dict[str, list[dict]]) -> Counter[str]:
    """Elements by what became of them; the file's own row agrees."""
    (source,) = found["sources"]
    became: Counter[str] = Counter()
    for row in found["source_rows"]:
        became[row["became"]] += row["rows"]
    assert source["rows_seen"] == became.total()
    assert source["rows_skipped"] == became["skipped"]
    return became


@pytest.mark.parametrize("form", MEMBERS)
def test_our_own_rendering_comes_back(form, tmp_path) -> None:
    found = read(text_of(form), form, tmp_path)
    accounted(found)
    files = {row["sha256"] for row in found["stated_files"]} - {
        s.source_id for s in MADE.facts.sources
    }
    wanted = {file.sha256 for file in MADE.facts.files}
    if form == "vics":  # as hash sets read them: SHA-256 among the other hashes
        assert len(found["stated_files"]) == len(wanted)
    assert files == wanted
    if form != "vics":
        stated = {row["account_id"] for row in found["accounts"]}
        assert stated >= {a.account_id for a in MADE.facts.accounts}
        assert not any("token:" in one for one in stated)
    assert "unread" not in found


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"x", b'{"type":"other"}', b"[" * 50_000])
def test_what_is_of_no_such_format_is_refused_as_a_whole(form, text, tmp_path) -> None:
    found = read(text, form, tmp_path)
    assert "refused" in found or not found.get("accounts")


def damaged(form: str) -> bytes:
    """The rendering with one of its elements spoilt."""
    text = text_of(form)
    if form == "ftm":
        first, second, rest = text.split(b"\n", 2)
        return b"\n".join([first, second[:-1], rest])
    if form == "vics":
        return text.replace(
            b'"HashName":"SHA256","HashValue":"', b'"HashName":"SHA256","HashValue":"Z', 1
        )
    whole = msgspec.json.decode(text)
    if form == "stix":
        next(o for o in whole["objects"] if o["type"] == "user-account")["user_id"] = {"a": 1}
    elif form == "misp":
        next(o for o in whole["Event"]["Object"] if o["name"] == "file")["Attribute"][-2] = 7
    else:
        one = next(n for n in whole["@graph"] if n["@type"] == "uco-observable:File")
        one["uco-core:hasFacet"][0]["uco-observable:hash"][0]["uco-types:hashValue"]["@value"] = (
            "zz"
        )
    return msgspec.json.encode(whole)


@pytest.mark.parametrize("form", FORMATS)
def test_a_spoilt_element_costs_itself(form, tmp_path) -> None:
    whole, found = read(text_of(form), form, tmp_path), read(damaged(form), form, tmp_path)
    before, after = accounted(whole), accounted(found)
    assert (
        after["accounts"] + after["stated_files"] == before["accounts"] + before["stated_files"] - 1
    )
    assert found["unread"][0]["code"] == "element"


@pytest.mark.skipif(FIXTURES is None, reason="files of several programs are fixtures")
def test_the_quirks_of_vics_are_taken(tmp_path) -> None:
    folder = Path(str(FIXTURES)) / "exchange" / "vics"
    found = read((folder / "vics20_case_quirks_bom.json").read_bytes(), "vics", tmp_path)
    accounted(found)
    rows = found["stated_files"]
    assert len(rows) == 5
    assert rows[0]["category"] == "VICS UK 2.0: 1"
    assert [row["category"] for row in rows].count(None) >= 1
    assert all(row["md5"] == row["md5"].lower() for row in rows)


@pytest.mark.skipif(FIXTURES is None, reason="files of several programs are fixtures")
@pytest.mark.parametrize("name", ["Oresteia.json", "accounts.json", "sms_and_contacts.json"])
def test_examples_of_case_give_accounts(name, tmp_path) -> None:
    file = Path(str(FIXTURES)) / "exchange" / "case" / name
    found = read(file.read_bytes(), "case", tmp_path)
    assert accounted(found)["accounts"] > 0
