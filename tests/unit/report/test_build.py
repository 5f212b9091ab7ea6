"""The page is inert, alike for the same case, and never reassures where steps are not done."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from builders.countries_and_timeline import WHO, publish
from builders.publishing import publish_step

from clew import pipeline
from clew.reading import Reading, disclosure_of
from clew.records import Chat, ChatType
from clew.report import annex_of, write_report

MASKED = disclosure_of("test")
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def page(case, tmp_path, name="r.html", **more) -> str:
    out = tmp_path / name
    write_report(Reading(case, MASKED), out, now=WHEN, **more)
    return out.read_text(encoding="utf-8")


def test_what_stands_in_evidence_is_inert_and_no_style_or_script_is_inline(case, tmp_path) -> None:
    publish(case)
    text = page(case, tmp_path)
    body = text[text.index("<body>") :]
    assert "<b>told</b>" not in body
    assert re.search(r"\sstyle=|<script|<img|https?:", body) is None
    assert WHO not in text
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in unescape(text)


def test_a_title_cannot_end_the_style_that_prints_it(case, tmp_path) -> None:
    case.config = type(case.config)(
        **{f: getattr(case.config, f) for f in case.config.__struct_fields__}
        | {"title": '"; } </style><script>x</script>'}
    )  # fmt: skip
    text = page(case, tmp_path)
    assert text.count("</style>") == 1
    assert "<script" not in text


def test_the_same_case_gives_the_same_bytes_also_in_the_annexes(drawn, tmp_path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        page(drawn, tmp_path / name)
        drawn.refresh()
    one, other = (
        {f.relative_to(tmp_path / n): f.read_bytes() for f in (tmp_path / n).rglob("*.*")}
        for n in ("one", "other")
    )
    assert len(one) > 10
    assert one == other


def test_a_report_before_run_says_that_nothing_was_concluded_and_never_that_there_is_none(
    case, tmp_path
) -> None:
    undone = pipeline.undone(case)
    assert set(undone) == set(pipeline.CONCLUSIONS)
    text = page(case, tmp_path, undone=undone)
    assert text.count("Not concluded: a step that this rests on was not done") >= 4
    found = text[text.index('id="found"') : text.index('id="page-2"')]
    assert "<ol" not in found
    assert "No group was found" not in text
    assert "No set of known hashes" not in text[text.index('<h2 id="known">') :]
    assert "(0)" not in text[text.index("<nav") : text.index("</nav>")].replace("Evidence (0)", "")
    assert "No file that was read is in" not in text
    assert f"{len(undone)} steps were not done, or failed: {', '.join(undone)[:20]}" in text


def test_what_is_out_of_date_is_shown_and_said_to_be_so(drawn, tmp_path) -> None:
    where = {"exhibit_id": "ES-02", "source_id": "c" * 64, "locator": "row/1"}
    chat = Chat(**where, chat_id="whatsapp:120363000000000077@g.us", platform="whatsapp",
                chat_type=ChatType.GROUP)  # fmt: skip
    publish_step(drawn, "read", "ES-02", chat)
    undone = {n: t for n, t in pipeline.undone(drawn).items() if n in ("network", "countries")}
    text = page(drawn, tmp_path, undone=undone)
    assert "1 step is out of date: network" in text
    assert "1 step was not done, or failed: countries" in text
    assert "Taller Norte" in text


def test_the_annexes_lie_beside_the_report_unless_another_folder_is_named(drawn, tmp_path) -> None:
    page(drawn, tmp_path, annex=tmp_path / "elsewhere")
    assert not annex_of(tmp_path / "r.html").exists()
    assert (tmp_path / "elsewhere" / "known.csv").is_file()


@pytest.mark.parametrize("name", ["r.html", "r", "a.b.html"])
def test_annexes_are_named_after_their_report(tmp_path, name) -> None:
    assert annex_of(tmp_path / name) == tmp_path / f"{(tmp_path / name).stem}-annex"
