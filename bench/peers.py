"""Public programs that read the same formats, run beside the product by bench/readers.py.

None is a dependency. Each is looked for in the interpreters that are named with ``--python``, such
as those of virtual environments made for the purpose; what is in none of them is said to be
missing. A peer does less or other work than a reader does: ``does`` says what.
"""

from __future__ import annotations

import resource
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Peer(NamedTuple):
    """A program that reads a format, as code for an interpreter that has it."""

    package: str
    """As the package index names it; empty for the standard library."""
    module: str
    does: str
    code: str
    """FILE and OUT stand for the file and for an empty folder."""


def _module(name: str, *arguments: str) -> str:
    told = ", ".join((repr(name), *arguments))
    run = f"runpy.run_module({name!r}, run_name='__main__')"
    return f"import runpy, sys; sys.argv = [{told}]; {run}"


_EXPORTER = ("whatsapp-chat-exporter", "Whatsapp_Chat_Exporter", "writes JSON of all chats")
_CHATPACK = ("chatpack", "chatpack", "sender, time and text, by a Rust extension")
_PLAIN = "reads rows and makes nothing of them"


def _exporter(way: str) -> Peer:
    code = _module("Whatsapp_Chat_Exporter", repr(way), "'-d'", "FILE", "'-o'", "OUT",
                   "'--no-html'", "'-j'", "OUT + '/chats.json'")  # fmt: skip
    return Peer(*_EXPORTER, code)


PEERS: dict[str, tuple[Peer, ...]] = {
    "whatsapp-android": (_exporter("-a"),),
    "whatsapp-ios": (_exporter("-i"),),
    "whatsapp-text": (
        Peer("whatstk", "whatstk", "sender, time and text as a data frame",
             "import whatstk; whatstk.WhatsAppChat.from_source(FILE)"),
        Peer(*_CHATPACK, "import chatpack; chatpack.parse_whatsapp(FILE)"),
    ),
    "telegram": (Peer(*_CHATPACK, "import chatpack; chatpack.parse_telegram(FILE)"),),
    "discord": (Peer(*_CHATPACK, "import chatpack; chatpack.parse_discord(FILE)"),),
    "messenger": (
        Peer("chatpack", "chatpack", "sender, time and text, as Instagram's, which has this form",
             "import chatpack; chatpack.parse_instagram(FILE)"),
    ),
    "ufed": (
        Peer("ufedlib-py", "ufedlib_py", "every model as an object, and as JSON",
             _module("ufedlib_py", "'parse-all'", "'--input'", "FILE", "'--json'")),
    ),
    "leapp-lava": (
        Peer("", "sqlite3", _PLAIN,
             "import sqlite3; [0 for _ in sqlite3.connect(FILE).execute("
             "'SELECT * FROM whatsappmessages')]"),
    ),
    "leapp-tsv": (
        Peer("", "csv", _PLAIN,
             "import csv; [0 for _ in csv.reader(open(FILE, encoding='utf-8-sig', newline=''), "
             "delimiter='\\t')]"),
    ),
}  # fmt: skip
NONE = {
    "messenger-html": "no package of the index reads Messenger's HTML",
    "signal-android": "signal-export reads Signal Desktop's own encrypted database, and no other",
    "signal-data-json": "signal-export writes this form and does not read it",
    "signal-jsonl": "no package of the index reads it",
}
"""Formats without a peer, and why."""


def run(kind: str, file: Path, messages: int, pythons: Iterable[str]) -> None:
    """Run each peer of a format as a whole process, and print its figures."""
    if kind in NONE:
        print(f"  no peer: {NONE[kind]}")
    for peer in PEERS.get(kind, ()):
        name = peer.package or f"standard library's {peer.module}"
        python = next((p for p in pythons if _has(p, peer.module)), None)
        if python is None:
            print(f"  {name}: missing; install it in an environment, and name its --python")
            continue
        _run(peer, name, file, messages, python)


def _has(python: str, module: str) -> bool:
    found = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([python, "-c", found], check=False).returncode == 0


def _run(peer: Peer, name: str, file: Path, messages: int, python: str) -> None:
    with tempfile.TemporaryDirectory() as out:
        code = f"FILE, OUT = {str(file)!r}, {out!r}\n{peer.code}"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([python, "-c", code], capture_output=True, check=False, cwd=out)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        print(f"  {name}: failed with exit code {done.returncode}: {''.join(last)[:200]}")
        return
    print(f"  {name}: {messages / cpu:,.0f} per core second, as a whole process ({peer.does})")
