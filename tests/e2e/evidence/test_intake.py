"""Every entry of a folder becomes one item with an outcome, whatever it is and is called."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import subprocess
import threading
import time
import zipfile
from pathlib import Path

import msgspec
import pytest
from steps import take_in

from clew.casefile import Case
from clew.errors import MachineError, UsageError
from clew.evidence.entries import Intake
from clew.records import Exhibit, ExhibitKind

NAMES = [
    b"\xff\xfe\x80.jpg", b"new\nline", b"tab\tname", b"\x1b[31mred", b"trail ", b" lead", b"-rf",
    b"*", b"q'uote\"", b"\xe2\x80\xaegpj.exe", b"e\xcc\x81", b"\xc3\xa9", b"A" * 255, b".hidden",
    b"a;b`c`", b"%00", b"\\back\\slash",
]  # fmt: skip


def exhibit(exhibit_id: str = "ES-01", **about) -> Exhibit:
    given = {"kind": ExhibitKind.PHONE, "country": "ES", "authority": "a", "hash_only": False}
    return Exhibit(exhibit_id=exhibit_id, content_sha256="", **{**given, **about})


def take(case: Case, *paths: Path, **about) -> list[dict]:
    with case.writing():
        taken = take_in(case, Intake(exhibit(**about), paths))
    return case.rows(
        "FROM items WHERE exhibit_id = $id ORDER BY path, item_id", id=taken.exhibit_id
    )


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A tree of all that a file system can hold."""
    top = tmp_path / "odd"
    top.mkdir()
    raw = os.fsencode(top)
    for name in NAMES:
        with open(raw + b"/" + name, "wb") as file:
            file.write(name)
    os.mkfifo(raw + b"/fifo")
    listening = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(top)
    listening.bind("sock")
    os.chdir(here)
    listening.close()
    os.symlink(b"loop", raw + b"/loop")
    os.symlink(b"..", raw + b"/up")
    os.symlink(b"/etc/passwd", raw + b"/abs")
    os.symlink(b"missing", raw + b"/dangling")
    with open(raw + b"/sparse", "wb") as file:
        file.truncate(100 << 30)
    (top / "empty").touch()
    deep = os.open(raw, os.O_RDONLY)
    for _ in range(30):
        os.mkdir(b"D" * 200, dir_fd=deep)
        inner = os.open(b"D" * 200, os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = inner
    file = os.open(b"deep.txt", os.O_CREAT | os.O_WRONLY, dir_fd=deep)
    os.write(file, b"deep")
    os.close(file)
    os.close(deep)
    os.link(raw + b"/-rf", raw + b"/hardlink")
    return top


def counted(top: Path) -> int:
    """What find counts, whatever is in the names."""
    done = subprocess.run(
        ["find", top, "-mindepth", "1", "-printf", "x"], capture_output=True, check=True
    )
    return len(done.stdout)


def test_the_total_is_what_find_counts(case, odd) -> None:
    items = take(case, odd)
    assert len(items) == counted(odd)
    assert {i["outcome"] for i in items} == {"processed", "skipped"}
    by_name = {i["path"].rpartition("/")[2]: i for i in items}
    assert by_name["loop"]["reason"] == "symlink"
    assert by_name["abs"]["link_target"] == "/etc/passwd"
    assert by_name["fifo"]["reason"] == "special:fifo"
    assert by_name["sparse"]["reason"] == "sparse"
    assert by_name["sparse"]["figures"][0].startswith("bytes=")
    assert by_name["deep.txt"]["sha256"] == hashlib.sha256(b"deep").hexdigest()
    assert len(by_name["deep.txt"]["path"]) > 4096


def test_names_keep_their_bytes(case, odd) -> None:
    items = take(case, odd)
    raw = {bytes.fromhex(i["path_raw"]) if i["path_raw"] else i["path"].encode() for i in items}
    assert set(NAMES) <= raw


def test_three_digests_from_one_read(case, tmp_path) -> None:
    data = os.urandom(3_000_001)
    (tmp_path / "f").write_bytes(data)
    (item,) = take(case, tmp_path / "f")
    assert item["md5"] == hashlib.md5(data).hexdigest()
    assert item["sha1"] == hashlib.sha1(data).hexdigest()
    assert item["sha256"] == hashlib.sha256(data).hexdigest()
    assert case.store.path(item["sha256"]).read_bytes() == data


def test_the_evidence_is_as_it_was(case, odd) -> None:
    before = {p: os.lstat(p) for p in odd.iterdir()}
    take(case, odd)
    for path, stat in before.items():
        after = os.lstat(path)
        assert (after.st_size, after.st_mtime_ns, after.st_ctime_ns) == (
            stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns,
        )  # fmt: skip


def test_hash_only_keeps_no_content(case, tmp_path) -> None:
    archive = tmp_path / "in" / "a.zip"
    archive.parent.mkdir()
    archive.write_bytes(zipped({"x.txt": b"x", "inner.zip": zipped({"y.txt": b"yy"})}))
    items = take(case, archive.parent, hash_only=True)
    assert [i["path"] for i in items] == [
        "a.zip", "a.zip/inner.zip", "a.zip/inner.zip/y.txt", "a.zip/x.txt",
    ]  # fmt: skip
    assert all(i["sha256"] for i in items)
    assert [f for f in case.folder.rglob("*") if f.is_file() and f.stat().st_size in (1, 2)] == []
    assert not case.store.folder.exists()


def zipped(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 1, 10, 0, 0)), data)
    return held.getvalue()


def test_archives_within_archives_are_opened_and_names_lead_nowhere(case, tmp_path) -> None:
    inner = zipped({"../../../evil.txt": b"benign", "/abs": b"benign too", "c.txt": b"c"})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "outer.zip").write_bytes(zipped({"d/": b"", "d/inner.zip": inner}))
    items = take(case, tmp_path / "in")
    assert [i["path"] for i in items] == [
        "outer.zip", "outer.zip/d", "outer.zip/d/inner.zip",
        "outer.zip/d/inner.zip/../../../evil.txt", "outer.zip/d/inner.zip//abs",
        "outer.zip/d/inner.zip/c.txt",
    ]  # fmt: skip
    by_id = {i["item_id"]: i for i in items}
    leaf = items[-1]
    assert by_id[leaf["parent_item_id"]]["path"] == "outer.zip/d/inner.zip"
    assert not list(tmp_path.rglob("evil.txt"))


def test_a_nest_of_archives_ends_at_a_depth(case, tmp_path) -> None:
    data = b"leaf"
    for _ in range(12):
        data = zipped({"n.zip": data})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "n.zip").write_bytes(data)
    items = take(case, tmp_path / "in")
    assert [i["reason"] for i in items if i["outcome"] == "failed"] == ["limit:depth"]


def test_an_archive_bomb_costs_itself(case, tmp_path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("bomb", bytes(600 << 20))
        archive.writestr("good.txt", b"good")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bomb.zip").write_bytes(held.getvalue())
    (tmp_path / "in" / "sibling").write_bytes(b"s")
    items = {i["path"]: i for i in take(case, tmp_path / "in")}
    assert items["bomb.zip/bomb"]["reason"] == "limit:ratio"
    assert items["bomb.zip/good.txt"]["outcome"] == "processed"
    assert items["sibling"]["outcome"] == "processed"


def test_garbage_with_the_head_of_an_archive_fails_as_one(case, tmp_path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.zip").write_bytes(b"PK\x03\x04" + b"garbage" * 100)
    (item,) = [i for i in take(case, tmp_path / "in") if i["path"] == "x.zip"]
    assert item["outcome"] == "failed"


def test_a_file_that_grows_while_it_is_read_is_told(case, tmp_path) -> None:
    (tmp_path / "in").mkdir()
    growing = tmp_path / "in" / "growing"
    growing.write_bytes(bytes(200 << 20))
    stop = threading.Event()

    def grow() -> None:
        with growing.open("ab") as file:
            while not stop.is_set():
                file.write(b"x" * 100)
                file.flush()
                time.sleep(0.001)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        items = take(case, tmp_path / "in")
    finally:
        stop.set()
        thread.join()
    assert [(i["outcome"], i["reason"]) for i in items] == [("failed", "changed_during_read")]


def test_the_number_of_workers_changes_nothing(tmp_path, odd) -> None:
    from clew.casefile import create_case

    found = []
    for workers in (1, 4):
        made = create_case(tmp_path / f"case{workers}", "t", "a")
        with made.writing():
            take_in(made, Intake(exhibit(), (odd,)), workers=workers)
        found.append({o.file: o.sha256 for d in made.manifests.every() for o in d.outputs})
    assert found[0] == found[1]


def test_repeats_are_refused_and_nothing_changes(case, tmp_path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "f").write_bytes(name.encode())
    take(case, tmp_path / "one")
    before = state(case.folder)
    with pytest.raises(UsageError, match="in the case already, with this content"):
        take(case, tmp_path / "one")
    with pytest.raises(UsageError, match="with other content"):
        take(case, tmp_path / "two")
    with pytest.raises(UsageError, match="as exhibit ES-01"):
        take(case, tmp_path / "one", exhibit_id="ES-02")
    assert state(case.folder) == before


def state(folder: Path) -> dict[str, str]:
    """All of a case but its custody log, which keeps the attempt, and views that are open now."""
    return {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(folder.rglob("*"))
        if f.is_file()
        and "snapshots" not in f.relative_to(folder).parts
        and f.name != "custody.sqlite"
    }


def test_several_paths_show_under_their_own_names(case, tmp_path) -> None:
    for name in ("a/x", "b/x"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "f").write_bytes(name.encode())
    items = take(case, tmp_path / "a" / "x", tmp_path / "b" / "x")
    assert [i["path"] for i in items] == ["x/f", "x~2/f"]
    assert len({i["item_id"] for i in items}) == 2


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a small disk")
@pytest.mark.parametrize("size", [256, 512, 1024, 2048, 4096])
def test_a_full_disk_stops_the_run_and_blames_no_item(tmp_path, size) -> None:
    from clew.casefile import create_case

    disk, evidence = tmp_path / "disk", tmp_path / "in"
    disk.mkdir()
    evidence.mkdir()
    for number in range(40):
        (evidence / f"f{number}").write_bytes(hashlib.sha256(b"%d" % number).digest() * 4096)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk], check=False
    )
    if done.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        made = create_case(disk / "case", "t", "a")
        with pytest.raises(MachineError, match="disk is full") as stopped, made.writing():
            take_in(made, Intake(exhibit(), (evidence,)))
        assert stopped.value.exit_code == 4
        assert made.rows("SELECT count(*) AS n FROM items") == [{"n": 0}]
        made.close()
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        with made.writing():
            take_in(made, Intake(exhibit(), (evidence,)))
        items = made.rows("FROM items")
        assert {i["outcome"] for i in items} == {"processed"}
        assert len(items) == 40
        made.close()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_the_shape_of_a_shard_does_not_depend_on_the_clock() -> None:
    assert msgspec.json.encode(exhibit()) == msgspec.json.encode(exhibit())
