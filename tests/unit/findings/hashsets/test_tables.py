"""A table's columns are found by their names, however tools write them."""

from __future__ import annotations

import pytest

from clew.findings.hashsets.tables import header_of


def header(text: str):
    return header_of(iter(text.splitlines(keepends=True)))


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ("md5,sha1,category", ("md5", "sha1", "category")),
        ("MD5 Hash;Image ID", ("md5", "medium")),
        ("SHA-256\tPDQ\tPDQ Quality", ("sha256", "pdq", "pdq_quality")),
        ('"SHA2_256"|"File Name"', ("sha256", None)),
        ("HashValue,Classification", ("hash", "category")),
    ],
)
def test_a_header_names_its_columns(line, columns) -> None:
    assert header(line + "\n").columns == columns


def test_remarks_and_blank_lines_may_stand_before() -> None:
    found = header("# made by x\n\nsep=,\nmd5,name\n")
    assert (found.line, found.separator, found.quoted) == (4, ",", True)


def test_the_header_of_hashdeep_is_a_remark() -> None:
    found = header("%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n")
    assert (found.line, found.columns, found.quoted) == (2, (None, "md5", "sha256", None), False)


@pytest.mark.parametrize("text", ["", "name,size\nmd5,x\n", "# only remarks\n"])
def test_a_first_line_without_a_hash_is_no_header(text) -> None:
    assert header(text) is None
