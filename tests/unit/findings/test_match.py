"""Pictures and videos that look alike: tiers stay apart, flags are told, clusters do not chain."""

from __future__ import annotations

import base64
import hashlib

import msgspec
import numpy as np
import pytest
from builders.looks import (
    CATEGORY,
    NAMES,
    Look,
    bytes_of,
    conclude,
    item,
    known,
    picture,
    publish,
    sha,
    turned,
)

from clew.errors import EvidenceError
from clew.findings.hashsets import Source, add
from clew.findings.perceptual import pictures
from clew.findings.perceptual.chance import chance, table
from clew.findings.perceptual.hits import ORIENTATIONS
from clew.judgements import decisions
from clew.records import Fingerprint, SetKind
from clew.report.figures import said_settled, settled
from clew.schema import replace


class TestTiers:
    def test_bits_decide(self, case, tmp_path) -> None:
        look = Look.of(1)
        tiers = {0: "near", 31: "near", 32: "review", 48: "review", 49: None}
        away = {sha(name): distance for name, distance in zip("abcde", tiers, strict=True)}
        publish(case, [picture(name, look.away(distance))
                       for name, distance in zip("abcde", tiers, strict=True)])  # fmt: skip
        known(case, tmp_path, f"pdq,pdq_quality,category\n{look.hex},77,x\n")
        found = conclude(case)
        assert {away[m["sha256"]]: m["tier"] for m in found} == {
            distance: tier for distance, tier in tiers.items() if tier
        }
        assert len(found) == 4
        for m in found:
            distance = away[m["sha256"]]
            assert (m["distance"], m["algorithm"], m["orientation"]) == (distance, "pdq", "as_is")
            assert (m["query_hash"], m["known_hash"]) == (look.away(distance).hex, look.hex)
            assert (m["quality"], m["known_quality"], m["decode_path"]) == (100, 77, "test 1")
            odds = chance(distance, 1, flagged=False)
            assert (m["expected_by_chance"], m["expected_at_most"]) == (odds.expected, odds.at_most)
            assert m["chance_table"] == table().version
            assert m["record"] == "line 2"

    def test_a_turned_picture_is_near_and_says_how_it_is_turned(self, case, tmp_path) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look)])
        lines = [Look(bytes_of(other)).away(5).hex for other in turned(look)]
        known(case, tmp_path, "".join(f"{line}\n" for line in ("pdq", *lines)))
        found = conclude(case)
        assert {m["record"]: (m["tier"], m["orientation"], m["distance"]) for m in found} == {
            f"line {way + 1}": ("near", ORIENTATIONS[way], 5) for way in range(1, 8)
        }
        assert len(found) == 7

    def test_a_turned_picture_is_reviewed_as_far_as_one_that_is_not(self, case, tmp_path) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look)])
        others = [Look(bytes_of(other)) for other in turned(look)]
        lines = [other.away(distance).hex for distance in (48, 49) for other in others]
        known(case, tmp_path, "".join(f"{line}\n" for line in ("pdq", *lines)))
        found = conclude(case)
        assert {m["record"]: (m["tier"], m["orientation"], m["distance"]) for m in found} == {
            f"line {way + 1}": ("review", ORIENTATIONS[way], 48) for way in range(1, 8)
        }
        assert len(found) == 7

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


def test_photodna_that_two_sets_carry_is_compared(case, tmp_path) -> None:
    publish(case, [picture("a", Look.of(1))])
    value, other = (base64.b64encode(bytes([n]) * 144).decode() for n in (1, 2))
    known(case, tmp_path, f"md5,photodna\n{sha('a')[:32]},{value}\n")
    known(case, tmp_path, f"md5,photodna,category\n{'0' * 32},{(bytes([1]) * 144).hex()},x\n"
          f"{'1' * 32},{other},y\n", "t")  # fmt: skip
    assert [(m["set"], m["tier"], m["algorithm"], m["category"]) for m in conclude(case)] == [
        ("s", "exact", "md5", None), ("t", "near", "photodna", "x"),
    ]  # fmt: skip


class TestMoving:
    """A picture of several frames is one content, and is in one cluster."""

    def clustered(self, case) -> dict[str, str]:
        conclude(case)
        rows = case.rows("FROM file_clusters")
        names = [chr(bytes.fromhex(row["sha256"])[0]) for row in rows]
        assert len(names) == len(set(names))
        return {n: chr(bytes.fromhex(r["cluster_id"])[0]) for n, r in zip(names, rows, strict=True)}

    def moving(self, name: str, *looks: Look, **more) -> list[Fingerprint]:
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
