"""A case says of itself what it is, and another version's is refused and left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clew.casefile.config import FORMAT_VERSION, Config, as_toml, read_config
from clew.errors import EvidenceError, UsageError

CONFIG = Config(
    format_version=FORMAT_VERSION,
    case_id="0123456789abcdef",
    title='Operation "17" \\ \x7f \u202e end',
    authority="order 1",
    created_at=datetime(2026, 1, 2, tzinfo=UTC),
)


def test_what_is_written_is_read_again(tmp_path) -> None:
    (tmp_path / "case.toml").write_text(as_toml(CONFIG), encoding="utf-8")
    assert read_config(tmp_path) == CONFIG


@pytest.mark.parametrize(("by", "says"), [(1, "newer Clew"), (-1, "earlier Clew")])
def test_a_case_of_another_version_is_refused(tmp_path, by, says) -> None:
    text = as_toml(CONFIG).replace(
        f"format_version = {FORMAT_VERSION}", f"format_version = {FORMAT_VERSION + by}"
    )
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        read_config(tmp_path)


@pytest.mark.parametrize("text", ["", "title = 3", "\x00", "title ="])
def test_a_damaged_case_is_named(tmp_path, text) -> None:
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"case.toml can't be read"):
        read_config(tmp_path)


def test_a_folder_without_a_case_is_none(tmp_path) -> None:
    with pytest.raises(UsageError, match="is no case"):
        read_config(tmp_path)
