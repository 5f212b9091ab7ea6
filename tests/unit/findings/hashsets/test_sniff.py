"""Laws of ``clew.findings.hashsets.sniff``."""

from __future__ import annotations

import contextlib
import io
import random

import pytest
from builders.odd_sets import MD5, SHA1, SHA256, image, page, tombstone, vics

from clew.casefile.engine import Progress
from clew.errors import UsageError
from clew.findings.hashsets import FORMATS
from clew.findings.hashsets.entries import Reading
from clew.findings.hashsets.sniff import format_of


class TestMutations:
    WHOLE = (
        vics({"MediaID": 1, "MD5": MD5[1], "Category": 1, "AlternativeHashes": [
            {"HashName": "PDQ", "HashValue": SHA256[5]},
            {"HashName": "PDQQuality", "HashValue": "77"}]}, {"MediaID": 2, "MD5": MD5[2]}),
        page(image(1), tombstone(1, 2), following="/a") + page(image(2)),
        f'md5,pdq,pdq_quality,at_ms,category\n{MD5[1]},{SHA256[1]},9,1000,"a ""b"""\n',
        f"0,100,{SHA256[1]},0.000\n30,99,{SHA256[2]},1.001\n",
        f"MD5 (a) = {MD5[1]}\n{MD5[2]} *x\n{MD5[3]},{SHA1[3]}\n",
    )  # fmt: skip
    TOKENS = ('"', "{", "}", "[", "]", ",", "\n", "\0", "\\", "<", ">", "9" * 400, "\\ud800", ";",
              "\ufeff", "-1", "1e999", "\t", "<![CDATA[", '"Category":')  # fmt: skip

    @pytest.mark.parametrize("seed", range(len(WHOLE)))
    def test_no_accident_to_a_file_breaks_more_than_the_file(self, tmp_path, seed) -> None:
        """Whatever is cut out, put in or written over, it is read or refused in words."""
        chance = random.Random(seed)
        for _ in range(150):
            text = self.WHOLE[seed]
            for _ in range(chance.randint(1, 4)):
                at, more = chance.randrange(len(text)), chance.randint(0, 30)
                text = text[:at] + chance.choice(("", *self.TOKENS)) + text[at + more :]
            file = tmp_path / "given"
            file.write_text(text, errors="surrogatepass")
            with contextlib.suppress(UsageError):
                form = format_of(file, None, FORMATS)
                read = list(form.read(Reading(file, io.BytesIO(), Progress())))
                assert len({entry.record for entry in read}) == len(read)
                for entry in read:
                    assert entry.hashes or entry.deleted
                    assert -1 << 63 <= (entry.at_ms or 0) < 1 << 63
                    assert (entry.pdq_quality or 0) < 1 << 63
