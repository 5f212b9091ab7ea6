"""An exhibit is described right before anything is read, or the field that is wrong is named."""

from __future__ import annotations

import pytest

from clew.casefile.case import Config
from clew.errors import UsageError
from clew.evidence.describe import described

ABOUT = {
    "exhibit_id": "ES-01", "kind": "phone", "country": "es", "search_id": None, "label": None,
    "holder_ref": None, "time_zone": "Europe/Madrid", "acquired_with": None, "acquired_at": None,
    "authority": None, "hash_only": False,
}  # fmt: skip


@pytest.fixture
def config(case) -> Config:
    return case.config


def test_what_is_right_is_taken(config, tmp_path) -> None:
    asked = described(config, (tmp_path,), ABOUT)
    assert (asked.exhibit.country, asked.exhibit.authority) == ("ES", config.authority)
    assert asked.exhibit.content_sha256 == ""


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("exhibit_id", "a/b", "exhibit id"), ("exhibit_id", "", "exhibit id"),
        ("country", "UK", "GB"), ("country", "XX", "country code"),
        ("time_zone", "Madrid", "time zone"), ("authority", " ", "legal authority"),
    ],
)  # fmt: skip
def test_a_field_that_is_wrong_is_named(config, tmp_path, field, value, words) -> None:
    with pytest.raises(UsageError, match=words):
        described(config, (tmp_path,), {**ABOUT, field: value})


def test_a_path_that_is_not_there_is_named(config, tmp_path) -> None:
    with pytest.raises(UsageError, match="there is no"):
        described(config, (tmp_path / "gone",), ABOUT)
