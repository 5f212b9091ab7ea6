"""The page is inert, alike for the same case, and never reassures where steps are not done."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from builders.countries import package, rows_of, sha, tables_of
from builders.countries_and_timeline import WHO, publish
from builders.merging import STEPS, conclude, new_case
from builders.publishing import publish_step

from clew import pipeline, views
from clew.exchange.receiving import Arrival, take_in
from clew.exchange.receiving.permissions import in_court
from clew.reading import Reading, disclosure_of
from clew.records import Chat, ChatType, CoverageKind, ReceivedCoverage
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
    assert 'id="received"' not in body
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


@pytest.fixture(scope="module")
def receiving(tmp_path_factory):
    """A case that received of two partners, one of whom bars courts."""
    case = new_case(tmp_path_factory.mktemp("receiving") / "case", rows_of("FR", 1))
    with case.writing():
        for country, code in (("ES", "H0"), ("PT", "H1")):
            about = package(country, handling=(code,), handling_text="Ask +34600000001 first")
            counts = {"table_name": "messages", "reason": "bystander", "rows": 41}
            lacks = [
                ReceivedCoverage(origin=about.origin, package_id=about.package_id, **said)
                for said in ({"kind": CoverageKind.WITHHELD, **counts},
                             {"kind": CoverageKind.NOT_READ, "reason": "error", "rows": 7})
            ]  # fmt: skip
            given = tables_of(rows_of(country, 1))
            take_in(case, about, given, Arrival(about=about, given=given, coverage=lacks))
    conclude(case, (*STEPS, "network"))
    case.refresh()
    return case


def test_the_report_says_of_whom_each_package_is_what_it_lacks_and_what_rests_on_it(
    receiving, tmp_path
) -> None:
    with receiving.over(*in_court(receiving)):
        html = page(receiving, tmp_path)
        (of_spain,) = receiving.rows(views.view("resting").sql)
        (messages,) = receiving.rows(
            "SELECT count(*) AS n, count(*) FILTER (len(list_filter(witnesses, lambda w: "
            "NOT starts_with(w, 'ES-'))) = 0) AS alone FROM merged_messages "
            "WHERE list_contains(witnesses, 'ES-0a0b0c0d~E-01')"
        )
    assert (of_spain["messages"], of_spain["messages_alone"]) == (messages["n"], messages["alone"])
    assert of_spain["messages"] > of_spain["messages_alone"] > 0
    assert of_spain["persons"] > 0
    section = html[html.index('<h2 id="received">') : html.index('<h2 id="glossary">')]
    for shown in ("es-000001", "ES-0a0b0c0d", "H0", ">41<", ">7<", "Rows withheld. A bystander"):
        assert shown in section
    assert sha("ES")[:12] in section
    assert "pt-000001" not in html  # barred by H1, and all that rests on it
    assert "1 package of another agency is left out" in section
    assert "34600000001" not in html
