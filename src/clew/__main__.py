"""Where ``clew`` begins and ends: whoever stops it is answered, however early or late that is.

Nothing is imported before a stop can be caught, and once a command has ended none is heard any
more: by a signal Clew never ends.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, which is not imported before a stop can be caught
if TYPE_CHECKING:
    from types import FrameType


def main() -> None:
    """Run the command that the process was called with, and end with its exit code."""
    try:
        try:
            _hear_between_libraries()
            from clew.cli import main as command

            command()
        finally:
            _hear_no_more()
    except KeyboardInterrupt:
        _hear_no_more()
        import sys

        from clew.errors import STOPPED, Ending

        sys.stderr.write(f"{STOPPED}\n")
        raise SystemExit(Ending.INTERRUPTED) from None


def _hear_between_libraries() -> None:
    """Hear a stop once a library in C++ is loaded: some abort the process where one comes then."""
    from signal import SIGALRM, SIGINT, default_int_handler, getsignal, signal

    if getsignal(SIGINT) is default_int_handler:  # a shell ignores it for what runs beside it
        signal(SIGINT, _stop)
        signal(SIGALRM, _stop)


def _stop(_: int, frame: FrameType | None) -> None:
    if not _loads_a_library(frame):
        raise KeyboardInterrupt
    from signal import ITIMER_REAL, setitimer

    setitimer(ITIMER_REAL, 0.01)


def _loads_a_library(frame: FrameType | None) -> bool:
    from importlib.machinery import ExtensionFileLoader

    while frame is not None:
        if isinstance(frame.f_locals.get("self"), ExtensionFileLoader):
            return True
        frame = frame.f_back
    return False


def _hear_no_more() -> None:
    from signal import SIG_IGN, SIGALRM, SIGINT, signal

    signal(SIGINT, SIG_IGN)
    signal(SIGALRM, SIG_IGN)
    # Python ends by the signal itself, whatever its exit code, where Ctrl-C came inside code that a
    # library runs from a string (a named tuple, a data class) and was caught; the next string that
    # runs makes it forget that (CPython, run_eval_code_obj).
    exec("")  # noqa: S102


if __name__ == "__main__":
    main()
