"""Where ``clew`` begins and ends: whoever stops it is answered, however early or late that is.

Nothing is imported before a stop can be caught, and once a command has ended none is heard any
more: by a signal Clew never ends.
"""


def main() -> None:
    """Run the command that the process was called with, and end with its exit code."""
    try:
        try:
            from clew.cli import main as command

            command()
        finally:
            _hear_no_more()
    except KeyboardInterrupt:
        _hear_no_more()
        # Python ends by the signal itself, whatever its exit code, where Ctrl-C came inside code
        # that a library runs from a string (a named tuple, a data class); the next string that
        # runs makes it forget that (CPython, run_eval_code_obj).
        exec("")  # noqa: S102
        import sys

        from clew.errors import STOPPED, Ending

        sys.stderr.write(f"{STOPPED}\n")
        raise SystemExit(Ending.INTERRUPTED) from None


def _hear_no_more() -> None:
    from signal import SIG_IGN, SIGINT, signal

    signal(SIGINT, SIG_IGN)


if __name__ == "__main__":
    main()
