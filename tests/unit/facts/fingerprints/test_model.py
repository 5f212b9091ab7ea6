"""A model is taken only with a contract that says how it is used."""

from __future__ import annotations

import pytest

from clew.errors import UsageError
from clew.facts.fingerprints.model import Contract, _contract

GOOD = 'input = "i"\noutput = "o"\nheight = 224\nwidth = 224\nreview_distance = 0.2\n'


def contract(tmp_path, text: str) -> Contract:
    (tmp_path / "m.toml").write_text(text)
    return _contract(tmp_path / "m.onnx")


def test_a_whole_contract_is_taken_and_has_one_digest(tmp_path) -> None:
    one, other = contract(tmp_path, GOOD), contract(tmp_path, "\n".join(GOOD.split("\n")[::-1]))
    assert one == other
    assert one.sha256 == other.sha256
    assert one.sha256 != contract(tmp_path, GOOD.replace("0.2", "0.3")).sha256


@pytest.mark.parametrize(
    "text",
    [
        "", GOOD + "colour = 1\n", GOOD.replace("224", "8"), GOOD.replace("0.2", "0"),
        GOOD.replace("0.2", "nan"), GOOD + "std = [1.0, 0.0, 1.0]\n", GOOD + 'fit = "bend"\n',
        "not toml at all", GOOD + "mean = [inf, 0.0, 0.0]\n",
    ],
)  # fmt: skip
def test_what_is_no_contract_is_refused(tmp_path, text) -> None:
    with pytest.raises(UsageError, match="no contract"):
        contract(tmp_path, text)


def test_a_model_without_a_contract_is_refused(tmp_path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        _contract(tmp_path / "m.onnx")
