"""Check digits of IMEIs."""

import pytest

from clew.formats.imei import is_right


@pytest.mark.parametrize(
    ("imei", "right"),
    [
        ("352099001761481", True),
        ("352099001761482", False),
        ("35209900176148", True),
        ("3520990017614810", True),
        ("35209900176148x", False),
        ("٣٥٢٠٩٩٠٠١٧٦١٤٨١", False),
        ("", False),
    ],
)
def test_an_imei_ends_with_its_check_digit(imei, right) -> None:
    assert is_right(imei) is right
