"""What GLEAPP, and our own reader of sets, take of the file: the shape that their code wants."""

from __future__ import annotations

import json
from pathlib import PureWindowsPath

from builders.referrals import Size, referral
from msgspec.structs import replace

from clew.exchange import referral as r
from clew.exchange.renderings import vics


def rendered(made: r.Referral) -> bytes:
    ((name, chunks),) = vics.render(made)
    assert name.endswith(".json")
    return b"".join(chunks)


MADE = referral(3, Size(files=9))
DATA = rendered(MADE)
(CASE,) = json.loads(DATA)["value"]


def test_the_model_is_named_at_the_beginning() -> None:
    head = DATA[:8192].decode().lower()  # GLEAPP looks no further to tell the format
    assert "projectvic/datamodels/2.0.xml/es/$metadata#cases" in head


def test_every_file_can_be_registered() -> None:
    for medium, file in zip(CASE["Media"], MADE.facts.files, strict=True):
        path = PureWindowsPath(medium["RelativeFilePath"])  # without one GLEAPP passes it over
        assert path.parent.name == "VIC_Files"
        assert path.suffix == ".jpg"
        assert isinstance(medium["MediaID"], int)
        assert medium.get("MD5", "").lower() == (file.md5 or "")
        assert "Category" in medium
        assert medium["Category"] is None or isinstance(medium["Category"], int)


def test_what_no_category_was_given_to_has_none_and_not_the_lowest() -> None:
    judged = {about for j in MADE.assessments.judgements for about in j.about}
    for medium, file in zip(CASE["Media"], MADE.facts.files, strict=True):
        if file.sha256 in judged:
            assert medium["Category"] == 2
        else:
            assert medium["Category"] == (1 if file.known else None)


def test_the_head_counts_the_files() -> None:
    assert CASE["TotalMediaFiles"] == len(CASE["Media"]) == 9


def test_a_category_of_another_country_is_no_category_of_this_file() -> None:
    known = r.Known(set="x", version="1", tier="exact", category="VICS GB 2.0: 3")
    files = (*MADE.facts.files[:1], replace(MADE.facts.files[1], known=(known,)))
    bare = replace(MADE.assessments, judgements=())
    made = replace(MADE, assessments=bare, facts=replace(MADE.facts, files=files, shares=()))
    found = json.loads(rendered(made))
    assert "/GB/" in found["@odata.context"]
    assert [m["Category"] for m in found["value"][0]["Media"]] == [None, 3]
    assert "VICS ES 2.0: 1" in found["value"][0]["Media"][0]["Comments"]


def test_a_case_without_files_is_a_case() -> None:
    found = json.loads(rendered(referral(1, Size(files=0))))
    assert found["value"][0]["Media"] == []
