from __future__ import annotations

import pytest
from builders.countries import rows_of
from builders.post import Post, told
from run_cli import run_cli as run


@pytest.fixture
def post(tmp_path) -> Post:
    return Post(tmp_path)


def test_a_package_is_forgotten_by_the_beginning_of_its_id_and_can_come_again(post) -> None:
    package = post.package(rows_of("ES", 1))
    name = told(post.take(package))["package"]
    assert run("forget", post.case, "nothing", "--reason", "x").returncode == 2
    gone = run("forget", post.case, name[:16], "--reason", "order 3", "--json")
    assert told(gone)["package"] == name
    assert run("received", post.case, "--json").stdout == ""
    assert told(post.take(package))["taken_in"]
