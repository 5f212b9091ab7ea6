from __future__ import annotations

import pytest
from builders.countries import rows_of
from builders.post import Post, told


@pytest.fixture
def post(tmp_path) -> Post:
    return Post(tmp_path)


def test_a_recall_takes_the_package_out_now_or_when_it_comes(post) -> None:
    first = post.package(rows_of("ES", 1))
    package = told(post.take(first, "--preview"))["package"]
    recall = post.package([], recalls=package)
    assert post.take(first, command="recall").returncode == 2
    assert told(post.take(recall, command="recall"))["recalled_rows"] == 0
    late = post.take(first)
    assert (late.returncode, "recalled" in late.stderr) == (3, True)
    assert not (post.case / "received").exists()
