"""Every text of the report's templates goes through the catalogue."""

from __future__ import annotations

import re
from importlib import resources

import jinja2
import pytest
from jinja2 import nodes

FOLDER = resources.files("clew.report").joinpath("templates")
FILES = sorted(f.name for f in FOLDER.iterdir() if f.name.endswith(".j2"))
ENVIRONMENT = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def words(html: str) -> list[str]:
    """Words that a reader sees; tags and commands are none."""
    text = re.sub(r"<code.*?</code>|<style.*?</style>|&\w+;", " ", html, flags=re.DOTALL)
    return re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^<>]*>", " ", text))


def translated(found: nodes.Template) -> set[int]:
    """Nodes that stand within a call of gettext."""
    calls = (c for c in found.find_all(nodes.Call) if isinstance(c.node, nodes.Name))
    return {
        id(node)
        for call in calls
        if call.node.name in ("_", "gettext", "ngettext")
        for node in (*call.args, *(kw.value for kw in call.kwargs))
    }


@pytest.mark.parametrize("file", FILES)
def test_no_text_of_a_template_bypasses_the_catalogue(file) -> None:
    found = ENVIRONMENT.parse(FOLDER.joinpath(file).read_text("utf-8"))
    data = "".join(d.data for d in found.find_all(nodes.TemplateData))
    shown = re.sub(
        r"<[^<>]*>", lambda tag: tag[0] if tag[0][1:5] in ("code", "/cod") else " ", data
    )
    assert words(shown) == []
    said = translated(found)
    for output in found.find_all(nodes.Output):
        for text in output.find_all(nodes.Const):
            if isinstance(text.value, str) and id(text) not in said:
                assert not re.search(r"[a-z]{2,} [a-z]{2,}", text.value), text.value
