"""Tables that are published are there as they were or as they are, whenever the writer dies."""

from __future__ import annotations

from contextlib import suppress

import pytest

from clew.casefile import create_case, open_case
from clew.casefile.step_manifest import Output, StepManifest
from clew.casefile.verify import verify
from clew.errors import EvidenceError
from clew.records import Flag
from clew.schema import Id, table_part


class Killed(BaseException):
    """The writer dies here."""


def flags(*items: str):
    return table_part(Flag, [Flag(exhibit_id=Id("E"), item_id=Id(i), code="odd") for i in items])


def published(case, *items: str, step: str = "intake") -> None:
    case.custody.append_all([("taking in", {"exhibit_id": "E"})])
    case.publish(StepManifest(step, "E", f"key {items}", ()), [flags(*items)])


def items(folder) -> list[str]:
    with open_case(folder) as case:
        return [row["item_id"] for row in case.rows("FROM flags ORDER BY item_id")]


def problems(folder) -> list[str]:
    with open_case(folder) as case:
        return [one.text for one in verify(case) if one.is_problem]


@pytest.fixture
def case(tmp_path):
    with create_case(tmp_path / "case", "t", "a") as made:
        yield made


def dying(owner, name: str, monkeypatch, *, after: bool) -> None:
    """Let a method end its process, before or after it did its work."""
    method = getattr(owner, name)

    def killed(*given, **named):
        if after:
            method(*given, **named)
        raise Killed

    monkeypatch.setattr(owner, name, killed)


MOMENTS = [
    ("manifests", "stage", False), ("manifests", "stage", True), ("published", "_named", True),
    ("custody", "append", False), ("custody", "append", True),
    ("manifests", "put_in_force", True), ("manifests", "clear", True),
]  # fmt: skip


@pytest.mark.parametrize("earlier", [(), ("a",)])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_publication_is_done_or_not_begun(case, monkeypatch, moment, earlier) -> None:
    owner, name, after = moment
    if earlier:
        published(case, *earlier)
    with monkeypatch.context() as patched:
        dying(getattr(case, owner), name, patched, after=after)
        with pytest.raises(Killed):
            published(case, "b", "c")
    logged = moment in MOMENTS[4:]
    expected = ["b", "c"] if logged else [*earlier]
    for _ in range(2):
        assert problems(case.folder) == []
        assert items(case.folder) == expected
        with open_case(case.folder) as again, again.writing():
            pass
    assert sorted(f.suffix for f in case.folder.glob("done/*/*")) == [".json"] * bool(expected)
    assert len(list(case.folder.glob("evidence/flags/*"))) == bool(expected)


@pytest.mark.parametrize(("owner", "name", "after"), [
    ("manifests", "set_aside", True), ("custody", "append", True), ("manifests", "clear", True),
])  # fmt: skip
def test_a_withdrawal_is_done_or_not_begun(case, monkeypatch, owner, name, after) -> None:
    published(case, "a")
    with monkeypatch.context() as patched:
        dying(getattr(case, owner), name, patched, after=after)
        with pytest.raises(Killed):
            case.withdraw("intake", "E")
    expected = ["a"] if name == "set_aside" else []
    for _ in range(2):
        assert problems(case.folder) == []
        assert items(case.folder) == expected
        with open_case(case.folder) as again, again.writing():
            pass


def test_a_manifest_that_names_files_elsewhere_removes_none(case) -> None:
    """A manifest is read by whoever recovers; one that was planted must cost nothing."""
    published(case, "a")
    bad = StepManifest("intake", "E", "k", ())
    named = [Output("flags", file, 1, "0") for file in ("custody.sqlite", "evidence/../case.toml",
                                                        "/etc/hostname", "../x")]  # fmt: skip
    (case.folder.parent / "x").write_text("kept")
    planted = StepManifest(bad.step, bad.scope, bad.key, tuple(named))
    (case.folder / "done" / "intake" / "E.json.staged").write_text(planted.text)
    with open_case(case.folder) as again, again.writing():
        pass
    assert problems(case.folder) == []
    assert (case.folder.parent / "x").read_text() == "kept"


def test_a_reader_goes_on_in_a_folder_that_it_may_not_write(case, monkeypatch) -> None:
    published(case, "a")
    monkeypatch.setattr("clew.casefile.case.os.access", lambda *_: False)
    assert items(case.folder) == ["a"]


def test_what_is_not_bound_by_the_log_is_not_read(case) -> None:
    published(case, "a")
    file = case.folder / "done" / "intake" / "E.json"
    changed = file.read_text().replace('"key (', '"kez (').replace("key ('a',)", "other")
    file.write_text(changed)
    with open_case(case.folder) as opened, pytest.raises(EvidenceError, match="custody log binds"):
        opened.rows("FROM flags")
    with suppress(EvidenceError), open_case(case.folder) as opened, opened.writing():
        raise AssertionError("it was written to")
