"""A command that is stopped says so and ends with a code, never by a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from clew.errors import STOPPED

BEGIN = "from clew.__main__ import main; main()"
LATE = """
import atexit, os, signal, threading
def stop():
    os.kill(os.getpid(), signal.SIGINT)
def late():
    threading.main_thread().join()
    stop()
"""


@pytest.fixture(autouse=True)
def _stops_are_heard():
    """Commands hear Ctrl-C even where these tests run in the background, where shells ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def stopped_while(code: str) -> subprocess.CompletedProcess[str]:
    """Runs ``clew --help`` after a piece of code that sends Ctrl-C at some moment."""
    command = [sys.executable, "-c", f"{code}\n{BEGIN}", "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def on_import(name: str) -> str:
    return f"""
import os, signal, sys
class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Stop())
"""


@pytest.mark.parametrize("name", ["clew.cli", "click", "click.core", "clew.cli.language"])
def test_a_stop_while_python_still_imports(name) -> None:
    done = stopped_while(on_import(name))
    assert (done.returncode, done.stderr) == (130, f"{STOPPED}\n")


def test_a_stop_while_a_library_in_c_is_loaded_is_heard_afterwards() -> None:
    """The stop comes where such a module's own code runs, as nanobind's modules call Python."""
    done = stopped_while("""
import importlib.machinery, os, signal
load = importlib.machinery.ExtensionFileLoader.exec_module
class Loader(importlib.machinery.ExtensionFileLoader):
    def exec_module(self, module):
        if module.__name__ == "_duckdb":
            os.kill(os.getpid(), signal.SIGINT)
            os.write(2, b"whole\\n")
        load(self, module)
importlib.machinery.ExtensionFileLoader.exec_module = Loader.exec_module
import click
def command(*arguments, **named):
    import _duckdb
    for _ in range(100_000_000):
        pass
click.Group.main = command
""")
    assert (done.returncode, done.stderr) == (130, f"whole\n{STOPPED}\n")


def test_a_stop_inside_code_that_a_library_runs_from_a_string(tmp_path) -> None:
    """As a module that is run: only then Python ends by the signal, having kept it in mind."""
    (tmp_path / "begin.py").write_text("""
import click
def interrupted(*arguments, **named):
    exec("import os, signal; os.kill(os.getpid(), signal.SIGINT); pass")
click.Group.main = interrupted
from clew.__main__ import main
main()
""")
    command = [sys.executable, "-m", "begin"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, f"{STOPPED}\n")


@pytest.mark.parametrize(
    "late",
    ["atexit.register(stop)",
     "threading.Thread(target=late).start()"],
)  # fmt: skip
def test_a_stop_after_the_command_has_ended_changes_nothing(late) -> None:
    done = stopped_while(f"{LATE}\n{late}")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stop_as_the_command_ends() -> None:
    done = stopped_while("""
import os, signal, sys
import clew.cli
def ended(*arguments):
    os.kill(os.getpid(), signal.SIGINT)
sys.exit = ended
""")
    assert (done.returncode, done.stderr) == (130, f"{STOPPED}\n")


@pytest.mark.parametrize("wait", [0.01, 0.1, 0.2, 0.4])
def test_a_stop_at_any_moment_ends_by_no_signal(tmp_path, wait) -> None:
    """Seconds are counted from where Clew begins, which is some time after Python does."""
    (tmp_path / "begin.py").write_text(BEGIN.replace("main()", "print(flush=True); main()"))
    command = [sys.executable, "-m", "begin", "status", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        running.stdout.readline()
        time.sleep(wait)
        os.kill(running.pid, signal.SIGINT)
        said = running.communicate(timeout=60)[1]
    assert running.returncode in (2, 130), said
    assert "Traceback" not in said


@pytest.mark.parametrize("raised", ["RuntimeError('Query interrupted')",
                                    "ImportError('numpy') from KeyboardInterrupt()"])  # fmt: skip
def test_a_stop_that_a_library_passes_on_in_its_own_words(raised) -> None:
    done = stopped_while(f"""
import click
def interrupted(*arguments, **named):
    raise {raised}
click.Group.main = interrupted
""")
    assert (done.returncode, done.stderr) == (130, f"{STOPPED}\n")
