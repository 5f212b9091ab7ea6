"""Laws of ``clew.findings.perceptual.clusters``."""

from __future__ import annotations

import numpy as np
import pytest
from builders.looks import Look, bytes_of, conclude, picture, publish, sha, turned

from clew.casefile import create_case
from clew.findings.perceptual.clusters import LONGEST, Pictures, clusters
from clew.findings.perceptual.hits import ORIENTATIONS


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
