"""What the engine passes over of a text is what masking shows as it is."""

from __future__ import annotations

import random
import re

import pyarrow as pa
import pytest

from clew.casefile.engine import Engine
from clew.casefile.masking import Known, Masking
from clew.casefile.text_masking import PLAIN, folded
from clew.reading.masked import suspect

PARTS = (
    "34612345678",
    "612",
    "345",
    "678",
    "0171",
    "+",
    "-",
    " ",
    "\u00a0",
    "/",
    ".",
    "(",
    ")",
    "_",
    ":",
    "@",
    "\u0661\u0662\u0663",
    "\uff16\uff11",
    "tel",
    "Tel.",
    "\u0442\u0435\u043b",
    "whatsapp",
    "WhatsApp Images/",
    "llamame al",
    "IMG-0446979.jpg",
    "IMG-20240102-WA0001.jpg",
    "\u200e<adjunto: ",
    "Ana",
    "ana",
    "ANA",
    "L\u00f3pez",
    "lo\u0301pez",
    "L\u200bopez",
    "\u0418\u0432\u0430\u043d",
    "\u0438\u0432\u0430\u043d",
    "Stra\u00dfe",
    "\u738b\u4f1f",
    "t.me/",
    "t[.]me/",
    "whatsapp:pn:",
    "group:",
    "s.whatsapp.net",
    "\U0001f4de",
    "\U0001f600",
    "\u0130",
    "jard\u00edn",
    "\n",
)
NAMES = [
    ("Ana L\u00f3pez", "whatsapp:pn:34612345678"),
    ("\u0418\u0432\u0430\u043d", None),
    ("\u738b\u4f1f", None),
    ("Stra\u00dfe", None),
]


@pytest.fixture
def masking(tmp_path) -> Masking:
    (tmp_path / "mask.key").write_bytes(bytes(32))
    return Masking(tmp_path / "mask.key", Known({"w:1 2": "w:1 2"}, ["whatsapp:612-1@g.us"], NAMES))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("is_list", [False, True])
def test_the_engine_passes_over_no_text_that_is_masked(tmp_path, masking, seed, is_list) -> None:
    chance = random.Random(seed)
    texts = ["".join(chance.choices(PARTS, k=chance.randint(1, 9))) for _ in range(4000)]
    hidden = {text for text in texts if masking.text(text) != text}
    values = [[text, "jard\u00edn"] for text in texts] if is_list else texts
    engine = Engine(tmp_path / "scratch")
    with engine.with_tables(t=pa.table({"value": values})):
        found = suspect(engine, "FROM t", masking.texts.words, is_list=is_list)
    engine.close()
    assert 1000 < len(hidden) < len(texts)
    assert hidden <= {value[0] if is_list else value for value in found}
    assert len(found) < len(set(texts))


def test_plain_characters_are_folded_alike(tmp_path) -> None:
    plain = re.compile(PLAIN)
    chars = [c for c in map(chr, range(1, 0x20000)) if plain.fullmatch(c) and folded(c)]
    engine = Engine(tmp_path / "scratch")
    with engine.with_tables(t=pa.table({"c": chars})):
        rows = engine.query("SELECT c, lower(strip_accents(c)) AS f FROM t").to_pylist()
    engine.close()
    assert len(chars) > 1000
    assert [row["c"] for row in rows if row["f"] != folded(row["c"])] == []
