"""Run the examples of every page, in a folder of their own."""

import os

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """Work in an empty folder, as a reader who tries the examples does."""
    before = os.getcwd()  # noqa: PTH109 - and back again
    os.chdir(tmp_path_factory.mktemp("docs"))
    yield
    os.chdir(before)


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()], patterns=["*.md"], fixtures=["scratch"]
).pytest()
