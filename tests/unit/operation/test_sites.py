"""Sites that work without the case: a key and a list of their own."""

from __future__ import annotations

import pytest

from clew.casefile.lock import locked
from clew.errors import EvidenceError, MachineError, UsageError
from clew.operation import keeping
from clew.operation.sites import is_site, new_site, open_site
from clew.operation.statements import Said
from clew.records import About

SAID = [Said(about=About.PERSON, reference="ES-P-01", says="arrested")]


def test_a_site_states_and_the_case_merges(case, tmp_path) -> None:
    site = new_site(tmp_path / "MAD", "MAD")
    assert is_site(site.folder)
    site.state(SAID, "MAD-1")
    open_site(site.folder).state(SAID, "MAD-2")
    assert [one.seq for one in site.statements()] == [1, 2]
    (done,) = keeping.merge(case, [site.read()], "A", "stick")
    assert (done.fresh, done.signed, done.fingerprint) == (2, True, site.fingerprint)
    site.state(SAID, "MAD-1")
    (done,) = keeping.merge(case, [site.read()], "A", "stick")
    assert done.fresh == 1
    assert keeping.board_of(case).gaps == ()


def test_a_list_that_is_not_the_sites_own_is_refused(tmp_path) -> None:
    site, other = new_site(tmp_path / "MAD", "MAD"), new_site(tmp_path / "MAD2", "MAD")
    other.state(SAID, "X")
    site.file.write_bytes(other.file.read_bytes())
    with pytest.raises(EvidenceError, match="another key"):
        site.state(SAID, "MAD-1")
    (site.folder / "site.json").write_text("{")
    with pytest.raises(EvidenceError):
        open_site(site.folder)


def test_a_site_is_made_once_under_a_name_that_can_be(tmp_path) -> None:
    new_site(tmp_path / "MAD", "MAD")
    for folder, name in (("MAD", "MAD"), ("x", "a/b"), ("x", "")):
        with pytest.raises(UsageError):
            new_site(tmp_path / folder, name)
    with pytest.raises(UsageError, match="needs a name"):
        open_site(tmp_path / "MAD").state(SAID, " ")


def test_a_list_is_whole_where_its_machine_was_switched_off(tmp_path, monkeypatch) -> None:
    site = new_site(tmp_path / "MAD", "MAD")
    site.state(SAID, "MAD-1")

    def off(_) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("clew.casefile.files.sync", off)
        with pytest.raises(MachineError):
            site.state(SAID, "MAD-1")
    assert [one.seq for one in site.statements()] == [1]
    (made,) = site.state(SAID, "MAD-1")
    assert made.seq == 2


def test_two_do_not_write_one_list_at_once(tmp_path) -> None:
    site = new_site(tmp_path / "MAD", "MAD")
    with locked(site.folder), pytest.raises(MachineError, match="another clew"):
        site.state(SAID, "MAD-1")
    assert site.statements() == []
