"""Pictures and videos that look alike: tiers stay apart, flags are told, clusters do not chain."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest

from clew.casefile import Case, create_case
from clew.casefile.step_manifest import StepManifest
from clew.errors import EvidenceError, UsageError
from clew.findings.hashsets import Source, add
from clew.findings.hashsets.export import export, videos
from clew.findings.perceptual import pictures
from clew.findings.perceptual.chance import chance, table
from clew.findings.perceptual.clusters import BACK, LONGEST, Pictures, clusters
from clew.findings.perceptual.hits import ORIENTATIONS
from clew.judgements import decisions
from clew.pipeline import perform
from clew.records import facts as f
from clew.records.evidence import Item, ItemKind, Outcome
from clew.records.findings import SetKind
from clew.records.media import MediaFile
from clew.report.figures import said_settled, settled
from clew.schema import replace, to_arrow

CATEGORY = decisions.Category(scheme="VICS", country="ES", version="2.0", code="2")


def sha(name: str) -> str:
    return (name.encode().hex() * 64)[:64]


@dataclass
class Look:
    """A fingerprint of some file, to be varied."""

    bits: np.ndarray

    @classmethod
    def of(cls, seed: int) -> Look:
        return cls(np.random.default_rng(seed).integers(0, 256, 32, dtype=np.uint8))

    def away(self, distance: int, seed: int = 0) -> Look:
        flipped = np.zeros(256, np.uint8)
        flipped[np.random.default_rng(seed).choice(256, distance, replace=False)] = 1
        return Look(self.bits ^ np.packbits(flipped))

    @property
    def hex(self) -> str:
        return self.bits.tobytes().hex()


def turned(look: Look) -> tuple[str, ...]:
    return tuple(Look.of(int(look.bits[0]) * 1000 + n).hex for n in range(7))


def picture(name: str, look: Look, **more) -> f.Fingerprint:
    given = {
        "algorithm": "pdq", "turned": turned(look), "quality": 100, "width": 10, "height": 10,
        "decode_path": "test 1", "simple_graphic": False, **more,
    }  # fmt: skip
    return f.Fingerprint(
        exhibit_id="ES-01", source_id=sha(name), value=look.hex, **{"locator": "picture", **given}
    )


def frames(name: str, looks: list[Look], **more) -> list[f.Fingerprint]:
    return [
        picture(name, look, algorithm="vpdq", turned=(), frame=n, at_ms=1000 * n, **more)
        for n, look in enumerate(looks)
    ]


def item(name: str, copy: int = 0) -> Item:
    return Item(
        item_id=f"i-{name}-{copy}", exhibit_id="ES-01", path=name, in_archive=False,
        kind=ItemKind.FILE, size=1, md5=sha(name)[:32], sha1=sha(name)[:40], sha256=sha(name),
        media_type="image/jpeg", outcome=Outcome.PROCESSED,
    )  # fmt: skip


def publish(case: Case, prints: list[f.Fingerprint], items: list[Item] | None = None,
            lasting: dict[str, int] | None = None) -> None:  # fmt: skip
    names = sorted({p.source_id for p in prints})
    held = items or [i for i in map(item, NAMES) if i.sha256 in names]
    media = [MediaFile(exhibit_id="ES-01", source_id=sha(name), locator="file",
                       media_type="video/mp4", duration_ms=ms, width=10, height=10)
             for name, ms in (lasting or {}).items()]  # fmt: skip
    for step, row, rows in (("intake", Item, held), ("read", f.Fingerprint, prints),
                            ("look", MediaFile, media)):  # fmt: skip
        table = to_arrow(row, rows)
        case.publish(
            StepManifest(step, "ES-01", "k", ()), [(row, lambda t=table: iter(t.to_batches()))]
        )


NAMES = ("a", "b", "c", "d", "e", "g")


def known(case: Case, tmp_path, text: str, name: str = "s", **more) -> None:
    file = tmp_path / f"set {name}"
    file.write_text(text)
    add(case, file, Source(name=name, version="1", kind=SetKind.KNOWN, **more))


def conclude(case: Case) -> list[dict]:
    perform(case, "match", "provenance")
    return case.rows("FROM matches ORDER BY sha256, set, record, algorithm")


class TestTiers:
    @pytest.mark.parametrize(("distance", "tier"), [
        (0, "near"), (31, "near"), (32, "review"), (48, "review"), (49, None),
    ])  # fmt: skip
    def test_bits_decide(self, case, tmp_path, distance, tier) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look.away(distance))])
        known(case, tmp_path, f"pdq,pdq_quality,category\n{look.hex},77,x\n")
        found = conclude(case)
        assert [m["tier"] for m in found] == [tier] * (tier is not None)
        if found:
            (m,) = found
            assert (m["distance"], m["algorithm"], m["orientation"]) == (distance, "pdq", "as_is")
            assert (m["query_hash"], m["known_hash"]) == (look.away(distance).hex, look.hex)
            assert (m["quality"], m["known_quality"], m["decode_path"]) == (100, 77, "test 1")
            told = chance(distance, 1, flagged=False)
            assert (m["expected_by_chance"], m["expected_at_most"]) == (told.expected, told.at_most)
            assert m["chance_table"] == table().version
            assert m["record"] == "line 2"

    @pytest.mark.parametrize("way", range(1, 8))
    def test_a_turned_picture_is_near_and_says_how_it_is_turned(self, case, tmp_path, way) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look)])
        known(case, tmp_path, f"pdq\n{Look(bytes_of(turned(look)[way - 1])).away(5).hex}\n")
        (m,) = conclude(case)
        assert (m["tier"], m["orientation"], m["distance"]) == ("near", ORIENTATIONS[way], 5)

    @pytest.mark.parametrize("way", range(1, 8))
    def test_a_turned_picture_is_reviewed_as_far_as_one_that_is_not(
        self, case, tmp_path, way
    ) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look)])
        other = Look(bytes_of(turned(look)[way - 1]))
        known(case, tmp_path, f"pdq\n{other.away(48).hex}\n{other.away(49).hex}\n")
        (m,) = conclude(case)
        assert (m["tier"], m["orientation"], m["distance"]) == ("review", ORIENTATIONS[way], 48)

    @pytest.mark.parametrize(("more", "flag"), [
        ({"quality": 49}, "low_quality"), ({"simple_graphic": True}, "simple_graphic"),
    ])  # fmt: skip
    def test_a_poor_picture_is_flagged_and_told_all_the_same(
        self, case, tmp_path, more, flag
    ) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look, **more)])
        known(case, tmp_path, f"pdq\n{look.hex}\n")
        (m,) = conclude(case)
        assert m["tier"] == "review"
        assert m[flag]

    def test_of_a_poor_picture_the_nearest_are_told_and_the_others_counted(
        self, case, tmp_path
    ) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look, quality=0)])
        known(case, tmp_path, "".join(f"{look.away(n, n).hex}\n" for n in range(25)),
              format="pdq-list")  # fmt: skip
        found = conclude(case)
        assert sorted(m["distance"] for m in found) == list(range(20))
        assert {m["further"] for m in found} == {5}

    def test_poor_pictures_are_asked_some_at_a_time_and_nothing_shows_it(
        self, case, tmp_path, monkeypatch
    ) -> None:
        look = Look.of(1)
        publish(case, [picture(n, look.away(2 * k, k), quality=40 + 5 * k)
                       for k, n in enumerate("abcd")])  # fmt: skip
        known(case, tmp_path, "".join(f"{look.away(n % 7, n).hex}\n" for n in range(30)),
              format="pdq-list")  # fmt: skip
        whole = conclude(case)
        assert {m["sha256"]: m["further"] for m in whole if m["low_quality"]} == {
            sha("a"): 10, sha("b"): 10,
        }  # fmt: skip
        assert sum(not m["low_quality"] for m in whole) == 60
        for name in ("_POOR_AT_ONCE", "_AT_ONCE"):
            monkeypatch.setattr(pictures, name, 1)
        assert conclude(case) == whole

    def test_a_picture_without_its_borders_is_for_review(self, case, tmp_path) -> None:
        look = Look.of(1)
        publish(case, [picture("a", Look.of(2)), picture("a", look, algorithm="pdq_trimmed")])
        known(case, tmp_path, f"pdq\n{look.hex}\n{look.away(40).hex}\n")
        (m,) = conclude(case)
        assert (m["tier"], m["algorithm"]) == ("review", "pdq_trimmed")

    def test_every_entry_of_every_set_is_told_not_only_the_nearest(self, case, tmp_path) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look)])
        known(
            case, tmp_path, "".join(f"{look.away(d).hex}\n" for d in (3, 3, 9)), format="pdq-list"
        )
        known(case, tmp_path, f"{look.hex}\n", "t", format="pdq-list")
        assert [(m["set"], m["record"], m["distance"]) for m in conclude(case)] == [
            ("s", "line 1", 3), ("s", "line 2", 3), ("s", "line 3", 9), ("t", "line 1", 0),
        ]  # fmt: skip

    def test_an_entry_that_has_the_bytes_is_told_once_as_exact(self, case, tmp_path) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look)])
        known(case, tmp_path, f"md5,pdq\n{sha('a')[:32]},{look.hex}\n")
        (m,) = conclude(case)
        assert (m["tier"], m["algorithm"], m["query_hash"]) == ("exact", "md5", sha("a")[:32])

    def test_a_restricted_set_does_not_show_its_hash(self, case, tmp_path) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look.away(4))])
        known(case, tmp_path, f"pdq\n{look.hex}\n", restricted=True)
        (m,) = conclude(case)
        assert (m["tier"], m["known_hash"]) == ("near", None)
        assert look.hex not in repr([case.rows(f"FROM {t}") for t in TABLES])

    def test_chance_counts_the_different_fingerprints_of_the_set(self, case, tmp_path) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look)])
        others = "".join(f"{Look.of(n).hex}\n" for n in range(2, 9))
        known(case, tmp_path, f"{look.hex}\n{look.hex}\n{others}", format="pdq-list")
        found = conclude(case)
        assert len(found) == 2
        assert {m["expected_by_chance"] for m in found} == {chance(0, 8, flagged=False).expected}

    def test_a_flagged_picture_has_the_chance_of_flagged_pictures(self, case, tmp_path) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look, simple_graphic=True)])
        known(case, tmp_path, f"pdq\n{look.hex}\n")
        (m,) = conclude(case)
        assert m["expected_by_chance"] == chance(0, 1, flagged=True).expected

    def test_two_frames_with_one_hash_are_told_once(self, case, tmp_path) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look, frame=0, at_ms=0, quality=70),
                       picture("a", look, frame=4, at_ms=400, quality=80)])  # fmt: skip
        known(case, tmp_path, f"pdq\n{look.hex}\n")
        (m,) = conclude(case)
        assert (m["quality"], m["at_ms"]) == (80, ["400"])

    def test_a_set_that_was_altered_is_not_searched(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1))])
        known(case, tmp_path, f"pdq\n{Look.of(1).hex}\n{Look.of(2).hex}\n")
        index = case.folder / "hashsets" / "s@1" / "pdq.bin"
        index.write_bytes(bytes([index.read_bytes()[0] ^ 1]) + index.read_bytes()[1:])
        with pytest.raises(EvidenceError, match="could miss something"):
            conclude(case)


TABLES = ("matches", "known_hashes", "hash_sets", "file_clusters")


def bytes_of(text: str) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(text), np.uint8)


@pytest.mark.parametrize(("kind", "told", "further"), [("known", 3, None), ("ignorable", 1, 2)])
def test_repeats_of_a_file_are_told_but_for_what_is_ignorable(
    case, tmp_path, kind, told, further
) -> None:
    publish(case, [picture("a", Look.of(1))])
    file = tmp_path / "set"
    file.write_text(f"{sha('a')[:32]}\n" * 3)
    add(case, file, Source(name="s", version="1", kind=SetKind(kind)))
    found = conclude(case)
    assert (len(found), {m["further"] for m in found}) == (told, {further})


def test_a_withdrawn_entry_no_longer_matches(case, tmp_path) -> None:
    look = Look.of(1)
    publish(case, [picture("a", look), picture("b", look.away(3))])
    ncmec = ('<queryResult><images><image><member id="1">M</member><id>x</id><fingerprints>'
             f"<md5>{sha('a')[:32]}</md5><pdq>{look.hex}</pdq></fingerprints></image></images>"
             "</queryResult>")  # fmt: skip
    known(case, tmp_path, ncmec)
    assert [m["tier"] for m in conclude(case)] == ["exact", "near"]
    file = tmp_path / "later"
    file.write_text('<queryResult><images><deletedImage><member id="1">M</member><id>x</id>'
                    "</deletedImage></images></queryResult>")  # fmt: skip
    add(case, file, Source(name="s", version="2", kind=SetKind.KNOWN))
    assert conclude(case) == []


class TestVideos:
    def test_frames_are_counted_both_ways_with_their_times(self, case, tmp_path) -> None:
        looks = [Look.of(n) for n in range(10)]
        publish(case, frames("a", [*[k.away(6) for k in looks[:4]], Look.of(90), Look.of(91)]))
        rows = "".join(f"{k.hex},7,{n * 1000}\n" for n, k in enumerate(looks))
        known(case, tmp_path, f"pdq,medium,at_ms\n{rows}")
        (m,) = conclude(case)
        assert (m["algorithm"], m["tier"]) == ("vpdq", "review")
        assert (m["frames_matched"], m["frames_total"]) == (4, 6)
        assert (m["known_frames_matched"], m["known_frames_total"]) == (4, 10)
        assert m["at_ms"] == ["0", "1000", "2000", "3000"]
        assert m["distance"] == 6

    def test_four_in_five_frames_are_near(self, case, tmp_path) -> None:
        looks = [Look.of(n) for n in range(5)]
        publish(case, frames("a", [*looks[:4], *(Look.of(n) for n in range(90, 99))]))
        rows = "".join(f"{k.hex},7,{n * 1000}\n" for n, k in enumerate(looks))
        known(case, tmp_path, f"pdq,medium,at_ms\n{rows}")
        (m,) = conclude(case)
        assert m["tier"] == "near"

    def test_a_known_picture_within_a_video_is_for_review(self, case, tmp_path) -> None:
        look = Look.of(1)
        publish(case, frames("a", [look]))
        known(case, tmp_path, f"pdq\n{look.hex}\n")
        (m,) = conclude(case)
        assert (m["tier"], m["known_frames_total"]) == ("review", 1)

    @pytest.mark.parametrize(("ours", "theirs", "tier"), [
        (1, 1, "near"), (1, 9, "review"), (9, 1, "review"), (2, 9, "near"), (9, 2, "near"),
    ])  # fmt: skip
    def test_one_frame_alone_is_near_only_where_it_is_all_there_is(
        self, case, tmp_path, ours, theirs, tier
    ) -> None:
        publish(case, frames("a", [Look.of(n) for n in range(ours)]))
        rows = "".join(f"{Look.of(n).hex},7,{n * 1000}\n" for n in range(theirs))
        known(case, tmp_path, f"pdq,medium,at_ms\n{rows}")
        (m,) = conclude(case)
        assert m["tier"] == tier

    def test_simple_graphics_alone_make_no_film_known(self, case, tmp_path) -> None:
        looks = [Look.of(n) for n in range(5)]
        publish(case, frames("a", looks, simple_graphic=True))
        rows = "".join(f"{k.hex},7,{n * 1000}\n" for n, k in enumerate(looks))
        known(case, tmp_path, f"pdq,medium,at_ms\n{rows}")
        (m,) = conclude(case)
        assert (m["tier"], m["simple_graphic"], m["frames_matched"]) == ("review", True, 5)

    @pytest.mark.parametrize("way", range(1, 8))
    def test_a_film_that_was_turned_is_near_and_says_how(self, case, tmp_path, way) -> None:
        looks = [Look.of(n) for n in range(6)]
        publish(case, [replace(p, turned=turned(k))
                       for p, k in zip(frames("a", looks), looks, strict=True)])  # fmt: skip
        other = [Look(bytes_of(turned(k)[way - 1])).away(9) for k in looks]
        rows = "".join(f"{k.hex},7,{n * 1000}\n" for n, k in enumerate(other))
        known(case, tmp_path, f"pdq,medium,at_ms\n{rows}")
        (m,) = conclude(case)
        assert (m["tier"], m["orientation"], m["distance"]) == ("near", ORIENTATIONS[way], 9)
        assert (m["frames_matched"], m["frames_total"]) == (6, 6)
        assert (m["known_frames_matched"], m["known_frames_total"]) == (6, 6)

    def test_only_frames_that_carry_a_turn_count_in_it(self, case, tmp_path) -> None:
        looks = [Look.of(n) for n in range(8)]
        whole = frames("a", looks)
        some = [replace(p, turned=turned(looks[n]) if n % 2 == 0 else ())
                for n, p in enumerate(whole)]  # fmt: skip
        publish(case, some)
        rows = "".join(f"{turned(k)[4]},7,{n * 1000}\n" for n, k in enumerate(looks))
        known(case, tmp_path, f"pdq,medium,at_ms\n{rows}")
        (m,) = conclude(case)
        assert (m["orientation"], m["frames_matched"], m["frames_total"]) == ("flpy", 4, 4)
        assert m["tier"] == "near"

    def test_however_few_pairs_are_held_at_once_the_same_is_told(
        self, tmp_path, monkeypatch
    ) -> None:
        """Films before a fixed camera: every frame of one is near every frame of the other."""
        looks = {film: [Look.of(1).away(6, 50 * n + k) for k in range(30)]
                 for n, film in enumerate("ab")}  # fmt: skip
        prints = [p for film, shown in looks.items() for p in frames(film, shown)]
        rows = "".join(f"{Look.of(1).away(5, k).hex},{k % 3},{k * 1000}\n" for k in range(40))
        told = []
        for at_once in (1 << 22, 64, 1):
            monkeypatch.setattr("clew.findings.perceptual.videos._AT_ONCE", at_once)
            with create_case(tmp_path / f"case-{at_once}", "t", "none") as one, one.writing():
                publish(one, prints)
                known(one, tmp_path, f"pdq,medium,at_ms\n{rows}")
                told.append(conclude(one))
        assert len(told[0]) == 6
        assert all(m["frames_matched"] == 30 and m["tier"] == "near" for m in told[0])
        assert told[0] == told[1] == told[2]

    def test_a_cover_is_for_review_and_counts_neither_way(self, case, tmp_path) -> None:
        looks = [Look.of(n) for n in range(5)]
        cover = replace(frames("a", [Look.of(50)])[0], at_ms=None, frame=None, locator="stream/1")
        publish(case, [*frames("a", looks), cover])
        rows = "".join(f"{k.hex},7,{n * 1000}\n" for n, k in enumerate(looks))
        known(case, tmp_path, f"pdq,medium,at_ms\n{rows}{Look.of(50).hex},8,0\n")
        found = {m["record"]: m for m in conclude(case)}
        assert {m["tier"] for m in found.values()} == {"near", "review"}
        assert (found["line 7"]["tier"], found["line 7"]["frames_matched"]) == ("review", 0)
        assert {m["frames_total"] for m in found.values()} == {5}

    def test_frames_with_little_in_them_are_not_asked_where_there_are_others(
        self, case, tmp_path
    ) -> None:
        publish(case, [*frames("a", [Look.of(1)], quality=49), *frames("a", [Look.of(2)])])
        known(case, tmp_path, f"pdq\n{Look.of(1).hex}\n")
        assert conclude(case) == []

    def test_a_video_with_little_in_it_is_flagged_and_told_all_the_same(
        self, case, tmp_path
    ) -> None:
        looks = [Look.of(n) for n in range(5)]
        publish(case, frames("a", looks, quality=49))
        rows = "".join(f"{k.hex},7,{n * 1000}\n" for n, k in enumerate(looks))
        known(case, tmp_path, f"pdq,medium,at_ms\n{rows}")
        (m,) = conclude(case)
        assert (m["tier"], m["low_quality"], m["frames_matched"]) == ("review", True, 5)

    @pytest.mark.parametrize(("more", "quality"), [
        ({"simple_graphic": True}, 90), ({}, 49),
    ])  # fmt: skip
    def test_frames_that_tell_nothing_make_nothing_near(
        self, case, tmp_path, more, quality
    ) -> None:
        looks = [Look.of(n) for n in range(5)]
        publish(case, frames("a", looks, **more))
        rows = "".join(f"{k.hex},{quality},7,{n * 1000}\n" for n, k in enumerate(looks))
        known(case, tmp_path, f"pdq,pdq_quality,medium,at_ms\n{rows}")
        (m,) = conclude(case)
        assert m["tier"] == "review"


def test_photodna_that_two_sets_carry_is_compared(case, tmp_path) -> None:
    publish(case, [picture("a", Look.of(1))])
    value, other = (base64.b64encode(bytes([n]) * 144).decode() for n in (1, 2))
    known(case, tmp_path, f"md5,photodna\n{sha('a')[:32]},{value}\n")
    known(case, tmp_path, f"md5,photodna,category\n{'0' * 32},{(bytes([1]) * 144).hex()},x\n"
          f"{'1' * 32},{other},y\n", "t")  # fmt: skip
    assert [(m["set"], m["tier"], m["algorithm"], m["category"]) for m in conclude(case)] == [
        ("s", "exact", "md5", None), ("t", "near", "photodna", "x"),
    ]  # fmt: skip


def plain(looks: list[Look], rank: list[int] | None = None) -> Pictures:
    """Pictures that look like nothing else when turned."""
    chance = np.random.default_rng(99)
    table = chance.integers(0, 256, (len(looks), 8, 32), dtype=np.uint8)
    table[:, 0] = [look.bits for look in looks]
    return Pictures(table, np.array(rank or range(len(looks))))


class TestClusters:
    def test_near_duplicates_join_and_others_stay_apart(self) -> None:
        one, two = Look.of(1), Look.of(2)
        looks = [one, two, one.away(31, 1), one.away(30, 2), two.away(5)]
        found = sorted((r, sorted(m)) for r, m, _ in clusters(plain(looks)))
        assert found == [(0, [0, 2, 3]), (1, [1, 4])]

    def test_a_turned_copy_joins(self) -> None:
        pictures = plain([Look.of(1), Look.of(2)])
        pictures.turned[1, 3] = pictures.turned[0, 0]
        assert [sorted(m) for _, m, _ in clusters(pictures)] == [[0, 1]]

    def test_a_chain_is_cut_at_twice_the_radius(self) -> None:
        looks = [Look.of(1)]
        order = np.random.default_rng(5).permutation(256)
        for step in range(9):
            flipped = np.zeros(256, np.uint8)
            flipped[order[28 * step : 28 * (step + 1)]] = 1
            looks.append(Look(looks[-1].bits ^ np.packbits(flipped)))
        found = list(clusters(plain(looks)))
        assert sorted(m for _, members, _ in found for m in members) == list(range(10))
        assert len(found) > 1
        assert all(max(distances) <= LONGEST for _, _, distances in found)

    def test_many_clusters_are_those_of_a_union_of_all_pairs(self) -> None:
        chance = np.random.default_rng(3)
        looks = []
        for n in range(60):
            original = Look.of(1000 + n)
            looks += [original.away(int(d), int(d)) for d in chance.integers(0, 15, n % 4 + 1)]
        order = chance.permutation(len(looks))
        found = {
            tuple(sorted(order[m] for m in members))
            for _, members, _ in clusters(plain([looks[n] for n in order]))
        }
        expected, start = set(), 0
        for n in range(60):
            expected.add(tuple(range(start, start + n % 4 + 1)))
            start += n % 4 + 1
        assert found == expected

    def test_the_order_of_files_changes_nothing(self, tmp_path) -> None:
        look = Look.of(1)
        prints = [picture(n, look.away(d, d)) for n, d in zip("abc", (0, 9, 20), strict=True)]
        prints[1] = picture("b", look.away(9, 9), width=999)
        results = []
        for way in (1, -1):
            with create_case(tmp_path / str(way), "t", "a") as made:
                publish(made, prints[::way])
                conclude(made)
                results.append(made.rows("FROM file_clusters ORDER BY sha256"))
        assert results[0] == results[1]
        assert {r["cluster_id"] for r in results[0]} == {sha("a")}
        assert {r["representative"] for r in results[0]} == {sha("b")}
        assert {r["contents"] for r in results[0]} == {3}

    def test_a_picture_that_moves_is_in_one_cluster_by_its_first_frame(self, case) -> None:
        look, later = Look.of(1), Look.of(2)
        moving = [picture("a", look, frame=0, at_ms=0, locator="frame/0"),
                  picture("a", look.away(5), frame=3, at_ms=9, locator="frame/3"),
                  picture("b", Look.of(3), frame=0, at_ms=0, locator="frame/0"),
                  picture("b", later, frame=3, at_ms=9, locator="frame/3")]  # fmt: skip
        publish(case, [*moving, picture("c", later.away(3)), picture("d", look.away(7))])
        conclude(case)
        rows = case.rows("FROM file_clusters ORDER BY sha256")
        assert [(r["sha256"], r["cluster_id"], r["contents"]) for r in rows] == [
            (sha("a"), sha("a"), 2), (sha("b"), sha("b"), 1), (sha("c"), sha("c"), 1),
            (sha("d"), sha("a"), 2),
        ]  # fmt: skip

    @pytest.mark.parametrize("way", range(1, 8))
    def test_a_turned_picture_says_how_it_looks_like_its_representative(self, case, way) -> None:
        look = Look.of(1)
        other = Look(bytes_of(turned(look)[way - 1])).away(5)
        publish(case, [picture("a", other, width=99, turned=()), picture("b", look)])
        conclude(case)
        rows = case.rows("FROM file_clusters ORDER BY sha256")
        assert [(r["orientation"], r["distance"]) for r in rows] == [
            ("as_is", 0), (ORIENTATIONS[way], 5),
        ]  # fmt: skip

    def test_poor_pictures_join_nobody(self, case) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look, quality=49), picture("b", look, simple_graphic=True),
                       picture("c", look)])  # fmt: skip
        conclude(case)
        assert len({r["cluster_id"] for r in case.rows("FROM file_clusters")}) == 3


class TestFilms:
    def clustered(self, case) -> dict[str, str]:
        conclude(case)
        rows = case.rows("FROM file_clusters")
        return {chr(bytes.fromhex(r["sha256"])[0]): r["cluster_id"] for r in rows}

    def test_four_in_five_frames_both_ways_make_one_film(self, case) -> None:
        looks = [Look.of(n) for n in range(5)]
        copy = [*(look.away(9, 3) for look in looks[:4]), Look.of(50)]
        publish(case, [*frames("a", looks), *frames("b", copy), *frames("c", [*looks[:3], *map(
            Look.of, range(70, 72))])])  # fmt: skip
        found = self.clustered(case)
        assert found["a"] == found["b"] == sha("a") != found["c"]
        told = case.rows(
            "SELECT sha256, representative, contents, distance, frames_matched, frames_total, "
            "representative_frames_matched, representative_frames_total FROM file_clusters "
            "ORDER BY sha256"
        )
        assert [tuple(row.values()) for row in told] == [
            (sha("a"), sha("a"), 2, None, 5, 5, 5, 5), (sha("b"), sha("a"), 2, None, 4, 5, 4, 5),
            (sha("c"), sha("c"), 1, None, None, None, None, None),
        ]  # fmt: skip

    def test_a_part_of_a_film_joins_nobody(self, case) -> None:
        looks = [Look.of(n) for n in range(10)]
        publish(case, [*frames("a", looks), *frames("b", looks[:5])])
        assert len(set(self.clustered(case).values())) == 2

    @pytest.mark.parametrize(("lasts", "shift", "joined"), [
        (10_000, 0, True), (9_600, 0, True), (9_400, 0, False), (10_000, 1500, False),
    ])  # fmt: skip
    def test_fewer_key_frames_have_to_match_in_step(self, case, lasts, shift, joined) -> None:
        looks = [Look.of(n) for n in range(10)]
        sparse = [replace(p, at_ms=2 * p.at_ms + shift) for p in frames("b", looks[::2])]
        publish(case, [*frames("a", looks), *sparse], lasting={"a": 10_000, "b": lasts})
        assert (len(set(self.clustered(case).values())) == 1) == joined

    def test_one_that_lasts_longer_is_another(self, case) -> None:
        looks = [Look.of(n) for n in range(4)]
        publish(case, [*frames("a", looks), *frames("b", looks)],
                lasting={"a": 10_000, "b": 12_600})  # fmt: skip
        assert len(set(self.clustered(case).values())) == 2

    @pytest.mark.parametrize("more", [{"quality": 49}, {"simple_graphic": True}])
    def test_frames_that_tell_nothing_do_not_count(self, case, more) -> None:
        looks = [Look.of(n) for n in range(5)]
        publish(case, [*frames("a", looks, **more), *frames("b", looks, **more)])
        assert len(set(self.clustered(case).values())) == 2

    @pytest.mark.parametrize("way", range(1, 8))
    def test_a_turned_copy_is_one_film_with_how_it_is_turned(self, case, way) -> None:
        looks = [Look.of(n) for n in range(5)]
        other = [Look(bytes_of(turned(k)[way - 1])).away(9) for k in looks]
        first = [replace(p, turned=turned(k))
                 for p, k in zip(frames("b", looks), looks, strict=True)]  # fmt: skip
        back = ORIENTATIONS.index(BACK.get(ORIENTATIONS[way], ORIENTATIONS[way])) - 1
        second = [replace(p, turned=(*turned(o)[:back], k.hex, *turned(o)[back + 1 :]))
                  for p, o, k in zip(frames("a", other), other, looks, strict=True)]  # fmt: skip
        publish(case, [*first, *second], lasting={"a": 5000, "b": 5000})
        found = self.clustered(case)
        assert found["a"] == found["b"] == sha("a")
        told = case.rows("SELECT sha256, orientation FROM file_clusters ORDER BY sha256")
        assert [t["orientation"] for t in told] == ["as_is", ORIENTATIONS[way]]

    def test_hours_before_a_fixed_camera_are_one_scene(self, case) -> None:
        look = Look.of(1)
        still = [look.away(n % 5, n) for n in range(600)]
        publish(case, [*frames("a", still), *frames("b", still[::10]),
                       *frames("c", [look, Look.of(2)])])  # fmt: skip
        found = self.clustered(case)
        assert found["a"] == found["b"] != found["c"]
        (told, *_) = case.rows("SELECT frames_total FROM file_clusters ORDER BY sha256")
        assert told == {"frames_total": 1}

    def test_a_file_with_a_second_film_is_no_copy_of_the_first(self, case) -> None:
        looks = [Look.of(n) for n in range(6)]
        more = [replace(p, locator=f"stream/1/{n}") for n, p in enumerate(
            frames("b", [Look.of(n) for n in range(50, 56)]))]  # fmt: skip
        publish(case, [*frames("a", looks), *frames("b", looks), *more],
                lasting={"a": 6000, "b": 6000})  # fmt: skip
        assert len(set(self.clustered(case).values())) == 2

    def test_an_unknown_length_is_no_equal_length(self, case) -> None:
        looks = [Look.of(n) for n in range(10)]
        sparse = [replace(p, at_ms=2 * p.at_ms) for p in frames("b", looks[::2])]
        publish(case, [*frames("a", looks), *sparse], lasting={"a": 10_000})
        assert len(set(self.clustered(case).values())) == 2

    def test_a_chain_of_films_is_cut_at_its_representative(self, case) -> None:
        looks = [Look.of(n) for n in range(14)]
        prints = [frames(name, looks[n : n + 10]) for name, n in (("a", 0), ("b", 2), ("c", 4))]
        publish(case, [p for some in prints for p in some])
        assert self.clustered(case) == {"a": sha("a"), "b": sha("a"), "c": sha("c")}

    def test_a_copy_of_what_was_judged_is_settled(self, case) -> None:
        looks = [Look.of(n) for n in range(5)]
        publish(case, [*frames("a", looks), *frames("b", [k.away(5) for k in looks])])
        decisions.categorise(case, sha("a"), CATEGORY, "A", "seen")
        conclude(case)
        settled = {r["sha256"]: r["settled_by"] for r in case.rows("FROM file_clusters")}
        assert settled == {sha("a"): "judged", sha("b"): "near_duplicate"}


class TestMoving:
    """A picture of several frames is one content, and is in one cluster."""

    def clustered(self, case) -> dict[str, str]:
        conclude(case)
        rows = case.rows("FROM file_clusters")
        names = [chr(bytes.fromhex(row["sha256"])[0]) for row in rows]
        assert len(names) == len(set(names))
        return {n: chr(bytes.fromhex(r["cluster_id"])[0]) for n, r in zip(names, rows, strict=True)}

    def moving(self, name: str, *looks: Look, **more) -> list[f.Fingerprint]:
        return [picture(name, look, frame=5 * n, at_ms=500 * n, **more)
                for n, look in enumerate(looks)]  # fmt: skip

    def test_frames_that_are_alike_are_one_picture(self, case) -> None:
        look = Look.of(1)
        publish(case, [*self.moving("a", look, look.away(9)), picture("b", look.away(5))])
        assert self.clustered(case) == {"a": "a", "b": "a"}
        told = case.rows("SELECT contents FROM file_clusters")
        assert {row["contents"] for row in told} == {2}

    def test_alone_it_makes_no_cluster_with_itself(self, case) -> None:
        publish(case, self.moving("a", Look.of(1), Look.of(1).away(9)))
        assert self.clustered(case) == {"a": "a"}
        (row,) = case.rows("FROM file_clusters")
        assert row["contents"] == 1

    def test_it_joins_neither_of_the_pictures_that_it_shows(self, case) -> None:
        one, two = Look.of(1), Look.of(2)
        publish(case, [*self.moving("c", one, two), picture("a", one), picture("b", two)])
        assert self.clustered(case) == {"a": "a", "b": "b", "c": "c"}

    def test_it_joins_what_moves_in_the_same_way(self, case) -> None:
        one, two = Look.of(1), Look.of(2)
        publish(case, [*self.moving("a", one, two), *self.moving("b", one.away(8), two.away(9)),
                       *self.moving("c", one, Look.of(3))])  # fmt: skip
        assert self.clustered(case) == {"a": "a", "b": "a", "c": "c"}
        told = {r["distance"] for r in case.rows("FROM file_clusters WHERE cluster_id = $a",
                                                 a=sha("a"))}  # fmt: skip
        assert told == {0, 9}

    def test_what_is_known_by_one_frame_settles_no_other(self, case) -> None:
        one, two = Look.of(1), Look.of(2)
        publish(case, [picture("a", one), *self.moving("b", one, two), *self.moving("c", one, two)])
        decisions.categorise(case, sha("a"), CATEGORY, "A", "seen")
        conclude(case)
        settled = [r["settled_by"] for r in case.rows("FROM file_clusters ORDER BY sha256")]
        assert settled == ["judged", "open", "open"]
        decisions.categorise(case, sha("b"), CATEGORY, "A", "seen")
        conclude(case)
        settled = [r["settled_by"] for r in case.rows("FROM file_clusters ORDER BY sha256")]
        assert settled == ["judged", "judged", "near_duplicate"]

    def test_a_dark_beginning_does_not_hide_what_follows(self, case) -> None:
        dark = picture("b", Look.of(3), frame=0, at_ms=0, quality=10)
        later = picture("b", Look.of(1), frame=5, at_ms=500)
        publish(case, [dark, later, picture("a", Look.of(1))])
        assert self.clustered(case) == {"a": "a", "b": "b"}


class TestSettled:
    def test_each_part_of_the_headline_is_what_it_says(self, case, tmp_path) -> None:
        look = Look.of(1)
        others = [picture(name, Look.of(n)) for n, name in enumerate("cdeg", start=3)]
        prints = [picture("a", look), picture("b", look.away(8)), *others]
        items = [item(n) for n in NAMES] + [item("d", 1), item("d", 2), item("a", 1)]
        publish(case, prints, items)
        known(case, tmp_path, f"{sha('a')[:32]}\n")
        file = tmp_path / "ignorable"
        file.write_text(f"{sha('a')[:32]}\n{sha('c')[:40]}\n")
        add(case, file, Source(name="i", version="1", kind=SetKind.IGNORABLE))
        decisions.categorise(case, sha("d"), CATEGORY, "A", "seen")
        conclude(case)
        found = settled(case)
        assert found == {
            "files": 9, "settled": 6, "known": 2, "exact_duplicates": 2, "near_duplicates": 1,
            "ignorable": 1, "looked_at": 1, "open": 2, "open_clusters": 2,
        }  # fmt: skip
        assert said_settled(found).startswith("settled without a look: 6 of 9 files")
        by = {r["sha256"]: r["settled_by"] for r in case.rows("FROM file_clusters")}
        assert by[sha("a")] == "known"
        assert by[sha("b")] == "near_duplicate"

    def test_an_empty_file_is_known_to_nobody(self, case, tmp_path) -> None:
        empty = {kind: hashlib.new(kind).hexdigest() for kind in ("md5", "sha1", "sha256")}
        publish(case, [picture("a", Look.of(1))], [replace(item("a"), size=0, **empty)])
        known(case, tmp_path, "\n".join(empty.values()))
        found = conclude(case)
        assert {(m["record"], m["tier"]) for m in found} == {
            (f"line {n}", "review") for n in (1, 2, 3)
        }

    def test_the_parts_add_up_whatever_is_settled(self, case, tmp_path) -> None:
        prints = [picture(n, Look.of(1).away(8 * k, k)) for k, n in enumerate(NAMES)]
        publish(case, prints, [item(n, copy) for n in NAMES for copy in range(2)])
        known(case, tmp_path, f"{sha('b')[:32]}\n")
        decisions.categorise(case, sha("d"), CATEGORY, "A", "seen")
        conclude(case)
        found = settled(case)
        parts = ("known", "exact_duplicates", "near_duplicates", "ignorable")
        assert found["settled"] == sum(found[part] for part in parts)
        assert found["files"] == found["settled"] + found["looked_at"] + found["open"] == 12

    def test_what_one_country_took_back_is_still_settled_by_another(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1)), picture("b", Look.of(1).away(3))])
        german = msgspec.structs.replace(CATEGORY, country="DE")
        for given in (CATEGORY, german, msgspec.structs.replace(german, code=None)):
            decisions.categorise(case, sha("a"), given, "A", "seen")
        conclude(case)
        rows = case.rows("FROM file_clusters ORDER BY sha256")
        assert [row["settled_by"] for row in rows] == ["judged", "near_duplicate"]
        assert rows[1]["settled_through"] == sha("a")

    def test_company_settles_nothing_that_nearness_does_not(self, case, tmp_path) -> None:
        """a - b - c: each within the radius of the next, the ends beyond it."""
        order = np.random.default_rng(1).permutation(256)
        looks = [Look.of(1)]
        for step in range(2):
            flipped = np.zeros(256, np.uint8)
            flipped[order[25 * step : 25 * (step + 1)]] = 1
            looks.append(Look(looks[-1].bits ^ np.packbits(flipped)))
        publish(case, [picture(n, k) for n, k in zip("abc", looks, strict=True)])
        known(case, tmp_path, f"{sha('a')[:32]}\n")
        conclude(case)
        rows = case.rows("FROM file_clusters ORDER BY sha256")
        assert {r["cluster_id"] for r in rows} == {sha("a")}
        assert [r["settled_by"] for r in rows] == ["known", "near_duplicate", "open"]
        assert [(r["settled_through"], r["settled_distance"]) for r in rows] == [
            (None, None), (sha("a"), 25), (None, None),
        ]  # fmt: skip

    @pytest.mark.parametrize("seed", range(4))
    def test_near_duplicates_are_those_of_comparing_all_with_all(
        self, case, tmp_path, seed
    ) -> None:
        """Long chains, that are cut somewhere, with some of them known or judged."""
        chance = np.random.default_rng(seed)
        names = [f"{n:02}" for n in range(40)]
        looks = [Look.of(seed)]
        for step in range(39):
            away = int(chance.integers(4, 30)) if step % 13 else 120
            looks.append(looks[-1].away(away, step))
        publish(case, [picture(n, k) for n, k in zip(names, looks, strict=True)],
                [item(n) for n in names])  # fmt: skip
        known_ones, judged = names[3::11], names[8::17]
        known(case, tmp_path, "".join(f"{sha(n)}\n" for n in known_ones))
        for name in judged:
            decisions.categorise(case, sha(name), CATEGORY, "A", "seen")
        conclude(case)
        settled = {*known_ones, *judged}
        bits = {n: k.bits for n, k in zip(names, looks, strict=True)}
        for row in case.rows("FROM file_clusters"):
            name = bytes.fromhex(row["sha256"])[:2].decode()
            apart = {o: int(np.bitwise_count(bits[name] ^ bits[o]).sum()) for o in settled}
            near = {o for o, distance in apart.items() if distance <= 31}
            assert (row["settled_by"] == "near_duplicate") == bool(
                near - {name} and name not in settled
            )
            if row["settled_by"] == "near_duplicate":
                through = bytes.fromhex(row["settled_through"])[:2].decode()
                assert apart[through] == row["settled_distance"] == min(apart.values())

    def test_what_is_known_and_ignorable_is_known(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1)), picture("b", Look.of(1).away(3))])
        known(case, tmp_path, f"{sha('a')[:32]}\n")
        file = tmp_path / "ignorable"
        file.write_text(f"{sha('a')[:32]}\n{sha('b')[:32]}\n")
        add(case, file, Source(name="i", version="1", kind=SetKind.IGNORABLE))
        conclude(case)
        settled = [r["settled_by"] for r in case.rows("FROM file_clusters ORDER BY sha256")]
        assert settled == ["known", "near_duplicate"]

    def test_a_match_for_review_settles_nothing(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1).away(40))])
        known(case, tmp_path, f"pdq\n{Look.of(1).hex}\n")
        conclude(case)
        assert [r["settled_by"] for r in case.rows("FROM file_clusters")] == ["open"]

    def test_looking_like_something_ignorable_settles_nothing(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1))])
        file = tmp_path / "ignorable"
        file.write_text(f"pdq\n{Look.of(1).hex}\n")
        add(case, file, Source(name="i", version="1", kind=SetKind.IGNORABLE))
        conclude(case)
        assert [r["settled_by"] for r in case.rows("FROM file_clusters")] == ["open"]


class TestJudgements:
    def test_a_later_judgement_counts_and_the_earlier_stays(self, case) -> None:
        publish(case, [picture("a", Look.of(1))])
        decisions.categorise(case, sha("a")[:32], CATEGORY, "A", "seen")
        decisions.categorise(case, "i-a-0", None, "B", "wrong picture")
        rows = case.rows("FROM file_categories ORDER BY number")
        assert [(r["judged_by"], r["code"], r["reason"]) for r in rows] == [
            ("A", "2", "seen"), ("B", None, "wrong picture"),
        ]  # fmt: skip
        conclude(case)
        assert [r["settled_by"] for r in case.rows("FROM file_clusters")] == ["open"]
        assert rows[0]["judged_at"] <= datetime.now(UTC)

    def test_categories_of_two_countries_stand_side_by_side(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1))])
        spain, portugal = (
            decisions.Category(scheme="VICS", country=c, version="2.0", code="2")
            for c in ("ES", "PT")
        )
        for given in (spain, portugal, msgspec.structs.replace(spain, country="es", code="3")):
            decisions.categorise(case, sha("a"), given, "A", "seen")
        for country, code in (("ES", 3), ("PT", 2)):
            export(case, tmp_path / country, "vics", country)
            (medium,) = json.loads((tmp_path / country).read_text())["value"]
            assert medium["Category"] == code
        decisions.categorise(case, sha("a"), msgspec.structs.replace(spain, code=None), "B", "no")
        conclude(case)
        assert [r["settled_by"] for r in case.rows("FROM file_clusters")] == ["judged"]
        with pytest.raises(UsageError, match="of ES"):
            export(case, tmp_path / "out", "vics", "ES")
        with pytest.raises(UsageError, match="no such category"):
            decisions.categorise(
                case, sha("a"), msgspec.structs.replace(spain, code=None), "B", "no"
            )
        decisions.categorise(case, sha("a"), None, "B", "none of it")
        conclude(case)
        assert [r["settled_by"] for r in case.rows("FROM file_clusters")] == ["open"]

    def test_what_is_no_judgement_is_refused(self, case) -> None:
        publish(case, [picture("a", Look.of(1))])
        for named, category, by, reason in (
            ("nothing", CATEGORY, "A", "x"), (sha("a"), CATEGORY, " ", "x"),
            (sha("a"), CATEGORY, "A", ""), (sha("a"), None, "A", "x"),
        ):  # fmt: skip
            with pytest.raises(UsageError):
                decisions.categorise(case, named, category, by, reason)
        assert case.rows("FROM file_categories") == []


class TestExport:
    @pytest.mark.parametrize("form", ["vics", "csv"])
    def test_one_country_settles_what_another_looked_at(self, tmp_path, form) -> None:
        look = Look.of(1)
        with create_case(tmp_path / "A", "t", "a") as first:
            publish(first, [picture("a", look, quality=88), picture("b", Look.of(2))])
            decisions.categorise(first, sha("a"), CATEGORY, "Analyst One", "private reason")
            assert export(first, tmp_path / "out", form) == 1
        text = (tmp_path / "out").read_text()
        assert sha("b") not in text.lower()
        assert "Analyst" not in text
        assert "private" not in text
        with create_case(tmp_path / "B", "t", "a") as second:
            publish(second, [picture("a", look), picture("c", look.away(9))])
            add(second, tmp_path / "out",
                Source(name="A", version="1", kind=SetKind.KNOWN))  # fmt: skip
            found = conclude(second)
            assert [(m["sha256"], m["tier"], m["category"]) for m in found] == [
                (sha("a"), "exact", "VICS ES 2.0: 2"), (sha("c"), "near", "VICS ES 2.0: 2"),
            ]  # fmt: skip
            assert found[1]["known_quality"] == 88
            counts = settled(second)
            assert (counts["settled"], counts["files"]) == (2, 2)

    def test_frames_of_a_video_travel_in_csv(self, tmp_path) -> None:
        looks = [Look.of(n) for n in range(6)]
        with create_case(tmp_path / "A", "t", "a") as first:
            publish(first, frames("a", looks))
            decisions.categorise(first, sha("a"), CATEGORY, "A", "x")
            export(first, tmp_path / "out.csv", "csv")
        with create_case(tmp_path / "B", "t", "a") as second:
            publish(second, frames("c", [k.away(3) for k in looks]))
            add(second, tmp_path / "out.csv",
                Source(name="A", version="1", kind=SetKind.KNOWN))  # fmt: skip
            (m,) = conclude(second)
        assert (m["tier"], m["known_frames_matched"], m["known_frames_total"]) == ("near", 6, 6)

    def test_nothing_of_a_restricted_set_goes_out(self, case, tmp_path) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look.away(5))])
        known(case, tmp_path, f"pdq,md5,category\n{look.hex},{'e' * 32},x\n", restricted=True)
        conclude(case)
        with pytest.raises(UsageError, match="no file of the case has a category"):
            export(case, tmp_path / "out.json", "vics")
        decisions.categorise(case, sha("a"), CATEGORY, "A", "x")
        for form in ("vics", "csv"):
            export(case, tmp_path / "out", form)
            text = (tmp_path / "out").read_text().lower()
            assert look.hex not in text
            assert "e" * 32 not in text

    @pytest.mark.parametrize("form", ["vics", "csv"])
    def test_the_same_judgements_give_the_same_bytes(self, case, tmp_path, form) -> None:
        publish(case, [picture("a", Look.of(1)), *frames("b", [Look.of(n) for n in range(6)])])
        for name in "ab":
            decisions.categorise(case, sha(name), CATEGORY, "A", "x")
        for out in ("one", "two"):
            export(case, tmp_path / out, form)
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
        assert videos(case) == 1

    def test_a_table_has_each_category_in_full(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1))])
        for country in ("ES", "PT"):
            given = decisions.Category(scheme="VICS", country=country, code="2")
            decisions.categorise(case, sha("a"), given, "A", "x")
        assert export(case, tmp_path / "out", "csv") == 1
        with (tmp_path / "out").open() as table:
            rows = list(csv.DictReader(table))
        assert [(r["category"], r["code"]) for r in rows] == [
            ("VICS ES: 2", "2"),
            ("VICS PT: 2", "2"),
        ]

    def test_a_country_of_any_name_comes_back(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1))])
        given = decisions.Category(scheme="VICS", country="Côte d'Ivoire / 1#", code="007")
        decisions.categorise(case, sha("a"), given, "A", "x")
        export(case, tmp_path / "out", "vics")
        add(case, tmp_path / "out", Source(name="A", version="1", kind=SetKind.KNOWN))
        assert [m["category"] for m in conclude(case)] == ["VICS Côte d'Ivoire / 1# 2.0: 007"]

    def test_a_version_that_the_file_can_not_name_is_not_claimed(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1))])
        given = decisions.Category(scheme="VICS", country="ES", version="1.3", code="2")
        decisions.categorise(case, sha("a"), given, "A", "x")
        with pytest.raises(UsageError, match=r"VICS 1\.3"):
            export(case, tmp_path / "out", "vics")
        assert export(case, tmp_path / "out", "csv") == 1

    def test_nothing_of_the_case_is_written_over(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1))])
        decisions.categorise(case, sha("a"), CATEGORY, "A", "x")
        for out in (case.folder / "case.toml", case.folder, tmp_path):
            with pytest.raises(UsageError, match=r"lies in the case|is a folder"):
                export(case, out, "csv")

    def test_two_countries_need_two_vics_files(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1)), picture("b", Look.of(2))])
        decisions.categorise(case, sha("a"), CATEGORY, "A", "x")
        other = decisions.Category(scheme="VICS", country="PT", version="2.0", code="2")
        decisions.categorise(case, sha("b"), other, "A", "x")
        with pytest.raises(UsageError, match="2 schemes"):
            export(case, tmp_path / "out", "vics")
        assert export(case, tmp_path / "out", "vics", "PT") == 1
        assert "/PT/" in json.loads((tmp_path / "out").read_text())["@odata.context"]
        actions = [e.told["action"] for e in case.custody.entries()]
        assert actions.count("hash set disclosed") == 1
