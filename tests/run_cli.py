"""A command called as its user calls it, in this process: no interpreter is started for it."""

from __future__ import annotations

import contextlib
import io
import subprocess

from clew.cli import main


def run_cli(*arguments: object) -> subprocess.CompletedProcess[str]:
    """What a command says, and its exit code, as of a process of its own."""
    words = [str(argument) for argument in arguments]
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n") for _ in range(2))
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(words)
        except SystemExit as ended:
            code = ended.code
    said = []
    for stream in (out, err):
        stream.flush()
        said.append(stream.buffer.getvalue().decode())
    return subprocess.CompletedProcess(words, code, *said)
