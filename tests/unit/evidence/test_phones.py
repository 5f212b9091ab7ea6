"""Phones are recognised by their paths, once each, and nothing else is."""

from __future__ import annotations

from clew.evidence.phones import recognised


def told(*paths: str) -> list[tuple[str, str]]:
    return [(code, root) for _, code, root in recognised((str(n), p) for n, p in enumerate(paths))]


def test_a_whole_file_system_is_told_with_its_root() -> None:
    assert told("dump.zip/fs/data/data/com.whatsapp/databases/msgstore.db",
                "dump.zip/fs/data/data/org.telegram.messenger/x") == [
        ("phone:android-file-system", "dump.zip/fs")
    ]  # fmt: skip
    assert told("private/var/mobile/Containers/x") == [("phone:ios-file-system", "")]


def test_a_backup_is_told_by_its_manifest_and_what_lies_beside_it() -> None:
    names = ["b/Manifest.db", "b/Manifest.plist", "b/Info.plist", "b/ab/abcdef"]
    assert told(*names) == [("phone:ios-backup", "b")]
    assert told("b/Manifest.db", "c/Info.plist") == []


def test_other_paths_are_no_phone() -> None:
    assert told("data/data", "my data/data/report.txt", "var/mobile/x", "x/Info.plist") == []
