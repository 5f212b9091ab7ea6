"""The tree of errors is as its docstring draws it."""

import re

from clew import errors


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    told = dict(re.findall(r"(\w+Error)\s+exit (\d)", errors.__doc__))
    real = {c.__name__: str(c.exit_code) for c in errors.ClewError.__subclasses__()}
    assert told == real
