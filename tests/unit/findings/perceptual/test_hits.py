"""Laws of ``clew.findings.perceptual.hits``."""

from __future__ import annotations

import pytest
from builders.looks import (
    CATEGORY,
    Look,
    bytes_of,
    conclude,
    frames,
    item,
    known,
    publish,
    sha,
    turned,
)

from clew.casefile import create_case
from clew.findings.perceptual.clusters import BACK
from clew.findings.perceptual.hits import ORIENTATIONS
from clew.judgements import decisions
from clew.schema import replace


def first_line(found: dict) -> int:
    """The line of the list that the known film begins at."""
    return int(found["record"].removeprefix("line "))


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

    def test_a_film_that_was_turned_is_near_and_says_how(self, case, tmp_path) -> None:
        looks = [Look.of(n) for n in range(6)]
        publish(case, [replace(p, turned=turned(k))
                       for p, k in zip(frames("a", looks), looks, strict=True)])  # fmt: skip
        rows = "".join(
            f"{Look(bytes_of(turned(k)[way - 1])).away(9).hex},{way},{n * 1000}\n"
            for way in range(1, 8)
            for n, k in enumerate(looks)
        )
        known(case, tmp_path, f"pdq,medium,at_ms\n{rows}")
        found = conclude(case)
        assert [m["orientation"] for m in sorted(found, key=first_line)] == [*ORIENTATIONS[1:]]
        for m in found:
            assert (m["tier"], m["distance"]) == ("near", 9)
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

    def test_a_turned_copy_is_one_film_with_how_it_is_turned(self, case) -> None:
        prints, names = [], "abcdefghijklmn"
        for way, one, copy in zip(range(1, 8), names[::2], names[1::2], strict=True):
            looks = [Look.of(10 * way + n) for n in range(5)]
            other = [Look(bytes_of(turned(k)[way - 1])).away(9) for k in looks]
            prints += [replace(p, turned=turned(k))
                       for p, k in zip(frames(copy, looks), looks, strict=True)]  # fmt: skip
            back = ORIENTATIONS.index(BACK.get(ORIENTATIONS[way], ORIENTATIONS[way])) - 1
            prints += [replace(p, turned=(*turned(o)[:back], k.hex, *turned(o)[back + 1 :]))
                       for p, o, k in zip(frames(one, other), other, looks, strict=True)
                       ]  # fmt: skip
        publish(case, prints, [item(n) for n in names], lasting=dict.fromkeys(names, 5000))
        assert self.clustered(case) == {name: sha(names[n - n % 2]) for n, name in enumerate(names)}
        rows = case.rows("SELECT sha256, orientation FROM file_clusters ORDER BY sha256")
        assert [r["orientation"] for r in rows[1::2]] == [*ORIENTATIONS[1:]]
        assert {r["orientation"] for r in rows[::2]} == {"as_is"}

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
