"""Writes the template that translators start from: ``python docs/catalogue.py > clew.pot``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import resources

import jinja2
from jinja2.ext import extract_from_ast

from clew.words import Sentence, countries, registers, sentences

_HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n'
)


def template() -> str:
    """The template: each sentence once for each context, in the order of contexts."""
    entries: dict[tuple[str, str], str] = {}
    for comment, context, said in _all():
        entries.setdefault((context, said.say), _entry(comment, context, said))
    for file, text in _of_templates():
        entries.setdefault(("", text), f'#. {file}\nmsgid {_quoted(text)}\nmsgstr ""\n')
    return "\n".join([_HEADER, *(entries[key] for key in sorted(entries))])


def _of_templates() -> Iterator[tuple[str, str]]:
    """Texts of the report's templates."""
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    folder = resources.files("clew.report").joinpath("templates")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".j2"):
            for _, _, text in extract_from_ast(environment.parse(file.read_text("utf-8"))):
                yield file.name, str(text)


def _all() -> Iterator[tuple[str, str, Sentence]]:
    for register, codes in registers().items():
        for name, code in codes.items():
            yield f"{register}.{name}", register, code.sentence
    for code, name in countries().items():
        yield f"country {code}", "country", Sentence(say=name)
    for table, clauses in sentences().items():
        for said in clauses:
            yield f"a row of {table}", table, said


def _entry(comment: str, context: str, said: Sentence) -> str:
    lines = [f"#. {comment}", f"msgctxt {_quoted(context)}", f"msgid {_quoted(said.say)}"]
    if said.many:
        lines += [f"msgid_plural {_quoted(said.many)}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines.append('msgstr ""')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(template())
