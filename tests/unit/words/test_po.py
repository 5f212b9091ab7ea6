"""Catalogues as translators write them are read as gettext's own compiler would."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from clew.words import Sentence, Speaker, catalogue, po, registers

SAMPLE = r"""
# A comment
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"

#. of the report
msgctxt "report"
msgid "{n} file, \"so\""
msgid_plural ""
"{n} files, "
"\"so\""
msgstr[0] "{n} fichier\n"
msgstr[1] "{n} fichiers"

#, fuzzy
msgctxt "report"
msgid "guessed"
msgstr "deviné"

msgid "nothing yet"
msgstr ""
"""
LOCALES = Path(catalogue.LOCALES)
LANGUAGES = sorted(folder.name for folder in LOCALES.iterdir())
WHOLE = ("cover", "handling")
"""Registers that every language has in full."""


@pytest.fixture
def sample(tmp_path) -> Path:
    file = tmp_path / "clew.po"
    file.write_text(SAMPLE, "utf-8")
    return file


def test_an_entry_has_context_plural_and_what_is_escaped(sample) -> None:
    found = po.translations(sample)
    one, many = '{n} file, "so"', '{n} files, "so"'
    assert found.npgettext("report", one, many, 1) == "{n} fichier\n"
    assert found.npgettext("report", one, many, 2) == "{n} fichiers"
    assert found.npgettext("other", one, many, 2) == many


@pytest.mark.parametrize("text", ["guessed", "nothing yet"])
def test_what_is_fuzzy_or_empty_is_no_translation(sample, text) -> None:
    assert po.translations(sample).pgettext("report", text) == text


def test_a_line_of_no_catalogue_is_an_error(tmp_path) -> None:
    (tmp_path / "clew.po").write_text('msgid "a"\nmsgstr "b\n', "utf-8")
    with pytest.raises(ValueError, match="not of a catalogue"):
        po.translations(tmp_path / "clew.po")


@pytest.mark.parametrize("language", LANGUAGES)
def test_gettexts_own_compiler_reads_the_same(language, tmp_path) -> None:
    if not shutil.which("msgfmt"):
        pytest.skip("msgfmt is not installed")
    import gettext

    file = LOCALES / language / "LC_MESSAGES" / "clew.po"
    made = tmp_path / "clew.mo"
    subprocess.run(["msgfmt", "--check", "-o", str(made), str(file)], check=True)
    with made.open("rb") as compiled:
        theirs = gettext.GNUTranslations(compiled)
    ours = po.translations(file)
    assert {k: v for k, v in ours._catalog.items() if k} == {
        k: v for k, v in theirs._catalog.items() if k
    }


def sentences() -> list[tuple[str, Sentence]]:
    return [
        (register, code.sentence)
        for register in WHOLE for name, code in registers()[register].items()
        if name != "untranslated"
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_of_the_cover_with_its_figures(language) -> None:
    words = catalogue.in_language(language)
    for register, said in sentences():
        for n in (1, 2):
            found = (words.npgettext(register, said.say, said.many, n) if said.many
                     else words.pgettext(register, said.say))  # fmt: skip
            assert found not in (said.say, said.many)
            assert Sentence(say=found).figures() | {said.count} == said.figures() | {said.count}
            assert Speaker(lambda _, v: v, words)._said(
                register, said, dict.fromkeys(said.figures(), 2)
            )


@pytest.mark.parametrize("language", ["", "../../x", "p", "pt/..", "xx"])
def test_what_is_no_language_or_has_no_catalogue_is_english(language) -> None:
    assert (
        catalogue.in_language(language).pgettext("cover", "Label: {tlp:text}")
        == "Label: {tlp:text}"
    )


def test_a_country_of_a_language_has_its_words() -> None:
    assert (
        catalogue.in_language("pt-BR").pgettext("cover", "Label: {tlp:text}").startswith("Etiqueta")
    )
