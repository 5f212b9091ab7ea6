"""One account has one pseudonym within a case, and another in another case."""

from __future__ import annotations

import pytest

from clew.casefile.masking import Known, Masking

A, B = "whatsapp:pn:34600000001", "whatsapp:lid:123456"


@pytest.fixture
def masking(tmp_path) -> Masking:
    for name in ("mask", "other"):
        (tmp_path / f"{name}.key").write_bytes(name.encode().ljust(32))
    return Masking(tmp_path / "mask.key", Known(person_of={A: A, B: A}))


def test_accounts_of_one_person_are_one_person_and_two_accounts(masking) -> None:
    assert masking.of(A) == masking.of(B)
    assert masking.account(A) != masking.account(B)


def test_pseudonyms_are_kept_with_the_case_and_differ_between_cases(masking, tmp_path) -> None:
    again, other = Masking(tmp_path / "mask.key"), Masking(tmp_path / "other.key")
    assert again.account(A) == masking.account(A) != other.account(A)


def test_a_number_is_one_however_it_is_written(masking) -> None:
    numbers = {masking.number(t) for t in ("+34 600-000 001", "34600000001", "+34\u00a0600000001")}
    assert len(numbers) == 1
    assert masking.handle("+34600000001") == masking.number("34600000001")
    assert masking.handle("@Loaf") == masking.handle("loaf")


def test_no_pseudonym_holds_what_it_stands_for(masking) -> None:
    for shown in (masking.of(A), masking.account(A), masking.group(A), masking.message(A)):
        assert "600000001" not in shown


def test_a_text_of_a_number_is_masked(masking) -> None:
    assert "600000001" not in masking.text("call +34 600 000 001 at noon")
    assert masking.text(A) == masking.of(A)
