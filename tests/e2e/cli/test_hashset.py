"""From one country's look to another country's settled files, by the commands alone."""

from __future__ import annotations

import hashlib
import io
import json
import random

import pytest
from PIL import Image

from clew import views
from clew.cli import _run


@pytest.fixture
def clew(capsys):
    """Run a command as a person does; its exit code, and what it says."""

    def run(*arguments) -> tuple[int, str, str]:
        code = _run([str(a) for a in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def jpeg(number: int) -> bytes:
    """A picture of chance dots, unlike that of any other number."""
    dots = random.Random(number).randbytes(64 * 64)
    held = io.BytesIO()
    Image.frombytes("L", (64, 64), dots).save(held, "JPEG")
    return held.getvalue()


def new_case(clew, folder, pictures: dict[str, bytes]):
    seized = folder / "seized"
    seized.mkdir(parents=True)
    for name, content in pictures.items():
        (seized / name).write_bytes(content)
    case = folder / "case"
    assert clew("new", case, "--title", "T", "--authority", "order 1")[0] == 0
    exhibit = ("--exhibit", "X-01", "--kind", "phone", "--country", "ES")
    assert clew("add", case, seized, *exhibit)[0] == 0
    assert clew("run", case)[0] == 0
    return case


def settled(clew, case) -> dict:
    _, out, _ = clew("status", case, "--json")
    return next(r for r in map(json.loads, out.splitlines()) if r["what"] == "settled")


def exported(clew, tmp_path) -> str:
    """What a first country looked at, as a set for others; the SHA-256 of the file."""
    first = new_case(
        clew, tmp_path / "A", {"a.jpg": jpeg(1), "copy.jpg": jpeg(1), "b.jpg": jpeg(2)}
    )
    digest = hashlib.sha256(jpeg(1)).hexdigest()
    assert clew("hashset", "export", first, tmp_path / "A.json")[0] == 2
    category = ("--scheme", "VICS", "--country", "ES", "--scheme-version", "2.0", "--code", "2")
    who = ("--by", "An Analyst", "--reason", "seen on 3 June")
    assert clew("categorise", first, digest, *who)[0] == 2
    assert clew("categorise", first, digest, *category, *who)[0] == 0
    code, _, said = clew("hashset", "export", first, tmp_path / "A.json")
    assert (code, "since the last run" in said) == (2, True)
    assert clew("run", first)[0] == 0
    ours = settled(clew, first)
    assert (ours["files"], ours["looked_at"], ours["exact_duplicates"], ours["settled"]) == (
        3, 1, 1, 1,
    )  # fmt: skip
    code, out, _ = clew("hashset", "export", first, tmp_path / "A.json", "--json")
    assert (code, json.loads(out)["files"]) == (0, 1)
    return digest


def test_what_one_country_looked_at_another_need_not(clew, tmp_path) -> None:
    digest = exported(clew, tmp_path)
    second = new_case(clew, tmp_path / "B", {"x.jpg": jpeg(1), "y.jpg": jpeg(3)})
    named = ("--name", "A", "--version", "1", "--kind", "known", "--received-from", "Country A")
    assert clew("hashset", "add", second, tmp_path / "A.json", *named)[0] == 0
    assert clew("run", second)[0] == 0
    theirs = settled(clew, second)
    assert (theirs["files"], theirs["known"], theirs["settled"], theirs["open"]) == (2, 1, 1, 1)
    _, out, _ = clew("show", second, "matches", "--json")
    (found,) = map(json.loads, out.splitlines())
    assert (found["sha256"], found["category"], found["tier"]) == (
        digest,
        "VICS ES 2.0: 2",
        "exact",
    )
    _, out, err = clew("show", second, "files", "--json")
    files = [json.loads(line) for line in out.splitlines()]
    assert [f["settled_by"] for f in files] == ["open", "known"]
    assert "settled without a look: 1 of 2 files" in err
    assert clew("hashset", "check", second, digest)[0] == 1
    assert clew("hashset", "check", second, "0" * 32)[0] == 0
    assert clew("report", second, tmp_path / "B.html")[0] == 0
    page = (tmp_path / "B.html").read_text()
    assert "1 of 2" in page
    assert "VICS ES 2.0: 2" in page
    assert clew("verify", second)[0] == 0

    taken_out(clew, second)


def told(clew, case, wanted) -> list[dict]:
    code, out, _ = clew("explain", case, wanted, "--json")
    assert code == 0
    return [json.loads(line) for line in out.splitlines()]


def test_a_match_and_each_part_of_the_headline_lead_back(clew, tmp_path) -> None:
    """An ignorable set stands behind a known one, whatever its name."""
    exported(clew, tmp_path)
    smaller = io.BytesIO()
    with Image.open(io.BytesIO(jpeg(1))) as image:
        image.save(smaller, "JPEG", quality=60)
    seized = {"again.jpg": smaller.getvalue(), "new.jpg": jpeg(7), "new2.jpg": jpeg(7),
              "ours.jpg": jpeg(5), "notes.txt": b"x"}  # fmt: skip
    case = new_case(clew, tmp_path / "B", seized)
    (tmp_path / "icons").write_text(hashlib.sha256(jpeg(5)).hexdigest() + "\n")
    for file, name, kind in (("A.json", "Z", "known"), ("icons", "a", "ignorable")):
        named = ("--name", name, "--version", "1", "--kind", kind)
        assert clew("hashset", "add", case, tmp_path / file, *named)[0] == 0
    assert clew("run", case)[0] == 0

    _, out, err = clew("show", case, "matches", "--json")
    near, ignored = map(json.loads, out.splitlines())
    assert (near["set"], near["tier"], ignored["set"]) == ("Z", "near", "a")
    assert "known sets, near: 1 file in 1 row\n" in err
    assert 0 < near["expected_by_chance"] == near["expected_at_most"] < 1e-6
    behind = {row["table"]: row for row in told(clew, case, near["match_id"])}
    assert behind["known_hashes"]["pdq"] == near["known_hash"]
    assert behind["hash_sets"]["source_name"] == "A.json"
    assert behind["fingerprints"]["value"] == near["query_hash"]
    assert behind["items"]["path"] == "again.jpg"

    parts_lead_back(clew, case)
    assert clew("report", case, tmp_path / "r.html")[0] == 0
    page = (tmp_path / "r.html").read_text()
    assert "at most " in page
    assert f'<td class="n">{near["expected_at_most"]:.1g}</td>' in page


def parts_lead_back(clew, case) -> None:
    """What is open comes first, what is no picture last, and each part has its query."""
    _, out, _ = clew("show", case, "files", "--json")
    files = [json.loads(line) for line in out.splitlines()]
    assert files[0]["settled_by"] == "open"
    assert {f["settled_by"] for f in files[1:3]} == {"near_duplicate", "ignorable"}
    assert files[-1]["media_type"] is None or not files[-1]["media_type"].startswith("image/")
    headline = settled(clew, case)
    names = {"files": "media", "known": "settled_known"}
    for part, value in headline.items():
        if part != "what":
            assert told(clew, case, f"figure:{names.get(part, part)}")[0]["value"] == value
    assert headline["files"] == 4 == headline["settled"] + headline["open"]


def taken_out(clew, second) -> None:
    """A set that is removed settles nothing any more."""
    removing = ("hashset", "remove", second, "--name", "A", "--version", "1", "--reason")
    assert clew(*removing, " ")[0] == 2
    assert clew(*removing, "recalled")[0] == 0
    assert clew("run", second)[0] == 0
    assert settled(clew, second)["settled"] == 0


def test_no_command_shows_what_a_restricted_set_holds(clew, tmp_path) -> None:
    case = new_case(clew, tmp_path / "A", {"a.jpg": jpeg(1)})
    md5 = hashlib.md5(jpeg(1), usedforsecurity=False).hexdigest()
    hidden = {"SHA1": "ab12" * 10, "Series": "hidden series", "SHA256": "cd34" * 16}
    other = {"MD5": "ef56" * 8, "Category": 1, "Series": "hidden series"}
    file = tmp_path / "secret.json"
    context = "http://x/DataModels/2.0.xml/US/$metadata#Media"
    media = [{"MD5": md5, "Category": 2, **hidden}, other]
    file.write_text(json.dumps({"@odata.context": context, "value": media}))
    named = ("--name", "S", "--version", "1", "--kind", "known", "--restricted")
    told = [clew("hashset", "add", case, file, *named), clew("run", case)]
    secrets = ("ab12" * 10, "cd34" * 16, "ef56" * 8, "hidden series")
    asked = (
        *(("show", case, what, "--json", "--limit", 0) for what in views.names()),
        ("query", case, "FROM known_hashes", "--json"),
        ("query", case, "FROM matches", "--json"),
        ("explain", case, md5), ("explain", case, hashlib.sha256(jpeg(1)).hexdigest()),
        ("hashset", "list", case, "--json"), ("hashset", "check", case, md5, "--json"),
        ("hashset", "export", case, tmp_path / "out"), ("status", case, "--json"),
        ("verify", case), ("custody", "show", case, "--json"),
        ("report", case, tmp_path / "r.html"),
    )  # fmt: skip
    told += [clew(*arguments) for arguments in asked]
    told.append((0, (tmp_path / "r.html").read_text(), ""))
    everything = "\n".join(f"{out}\n{err}" for _, out, err in told).lower()
    assert md5 in everything
    assert not [secret for secret in secrets if secret in everything]
    inside = (case / "restricted" / "S@1").absolute()
    for read in (
        "read_parquet('{}/known_hashes.parquet')",
        "read_blob('{}/md5.bin')",
        "glob('{}/*')",
    ):
        code, out, _ = clew("query", case, f"SELECT * FROM {read.format(inside)}")
        assert (code, out) == (2, "") or "known_hashes" not in out
