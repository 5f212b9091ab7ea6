from __future__ import annotations

import pytest

from clew.cli.receiving import opener_of
from clew.errors import UsageError

NOTHING = {"me": "PT", "key": None, "module": None, "label": None, "authorities": ()}


@pytest.mark.parametrize("given", [{}, {"module": "m.so"}, {"label": "key"}])
def test_a_package_is_opened_with_a_key_that_is_named(given) -> None:
    with pytest.raises(UsageError, match="key"):
        opener_of(NOTHING | given)


def test_a_file_that_is_no_key_opens_nothing(tmp_path) -> None:
    file = tmp_path / "key"
    file.write_text("no key")
    with pytest.raises(UsageError):
        opener_of(NOTHING | {"key": file})
