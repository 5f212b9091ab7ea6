"""Threads that are the first to decode a class, at once, end nothing."""

from __future__ import annotations

import subprocess
import sys

import msgspec

from clew.schema import tables
from clew.schema.decoders import prepare_decoders

AT_ONCE = """
import sys, threading, msgspec
from clew.casefile.engine import each
sys.setswitchinterval(1e-6)
KINDS = '''
class In(msgspec.Struct):
    a: int
class Part(msgspec.Struct):
    number: int
    rows: list["In"] = []
    more: dict[str, "In"] = {}
'''
for number in range(300):
    names = {"msgspec": msgspec, "__name__": "__main__"}
    exec(KINDS, names)
    globals().update(names)
    together = threading.Barrier(4)
    def decode(shard):
        together.wait()
        return msgspec.convert({"number": 1, "rows": [{"a": 1}], "more": {"b": {"a": 2}}}, Part)
    assert all(made.number == 1 for _, made in each(decode, range(4), workers=4))
"""


def test_threads_may_be_the_first_to_decode_a_class() -> None:
    command = [sys.executable, "-c", AT_ONCE]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr[-2000:]) == (0, "")


def test_a_class_that_nothing_can_decode_is_passed_over() -> None:
    class Odd(msgspec.Struct):
        what: "Nowhere"  # type: ignore[name-defined]  # noqa: F821, UP037

    prepare_decoders()
    assert tables()
