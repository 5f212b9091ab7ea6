"""Laws of ``clew.findings.hashsets.ingest``."""

from __future__ import annotations

from builders.findings import SHA, conclude, message, pn, share
from builders.publishing import publish, publish_step

from clew.findings.hashsets import Source, add
from clew.records import Item, ItemKind, Outcome, SetKind


def test_a_match_by_a_record_counts_and_ignorable_hides_nothing(case, tmp_path) -> None:
    item = Item(
        item_id="i1", exhibit_id="ES-01", path="f", in_archive=False, kind=ItemKind.FILE, size=1,
        md5="1" * 32, sha1="2" * 40, sha256=SHA["b"], outcome=Outcome.PROCESSED,
    )  # fmt: skip
    publish_step(case, "intake", "ES-01", item)
    publish(
        case, "ES-01", message("ES-01", 1, "k1", pn(1)), share("ES-01", 1, "k1", pn(1), SHA["c"])
    )
    known, ignorable = tmp_path / "known.csv", tmp_path / "ign.txt"
    known.write_text(f"SHA-256;Category\n{SHA['b'].upper()};x\n{SHA['c']};y\nnonsense;z\n")
    ignorable.write_text(f"# list\n{'1' * 32}\n")
    added = add(case, known, Source(name="k", version="1", kind=SetKind.KNOWN))
    assert (added.entries, added.rejected) == (2, 1)
    add(case, ignorable, Source(name="i", version="1", kind=SetKind.IGNORABLE))
    conclude(case)
    found = case.rows("FROM matches ORDER BY kind, sha256")
    assert [(m["kind"], m["sha256"], m["file_present"], m["algorithm"]) for m in found] == [
        ("ignorable", SHA["b"], True, "md5"),
        ("known", SHA["b"], True, "sha256"),
        ("known", SHA["c"], False, "sha256"),
    ]
