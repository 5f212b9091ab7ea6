"""Pictures and videos of an exhibit: each content decoded once, told where it can't be."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner
from heic import heic
from PIL import Image
from steps import fingerprint, take_in

from clew.casefile import Case, create_case
from clew.cli.query import query
from clew.cli.show import show
from clew.evidence.describe import described
from clew.facts.fingerprints import batches, kinds, worker_calls
from clew.facts.fingerprints.decode import brightness
from clew.facts.fingerprints.inline import InlineFingerprints
from clew.facts.fingerprints.pdq import distance, pdq
from clew.reading import Disclosure, disclose
from clew.sandbox import Limits

ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
)
TABLES = ("fingerprints", "media_files", "media_details", "media_places", "unread")


def drawn(seed: int, size=(320, 240)) -> Image.Image:
    chance = np.random.default_rng(seed)
    rough = chance.integers(0, 256, (12, 16, 3)).astype(np.uint8)
    return Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC)


def jpeg(seed: int, exif: Image.Exif | None = None) -> bytes:
    out = io.BytesIO()
    more = {"exif": exif.tobytes()} if exif else {}
    drawn(seed).save(out, "JPEG", quality=85, **more)
    return out.getvalue()


def stated() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Maker", "Model 7", 6
    inner = exif.get_ifd(0x8769)
    inner[0x9003], inner[0x9011], inner[0x9291] = "2024:05:31 23:30:00", "+02:00", "25"
    inner[0xA431] = "SN-0001"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (40.0, 25.0, 30.0), "W", (3.0, 42.0, 15.0)
    return exif


def film(file: Path, frames: int = 90) -> None:
    with av.open(str(file), "w", format="mp4") as out:
        out.metadata["creation_time"] = "2024-06-01T10:00:00.000000Z"
        out.metadata["location"] = "+40.4168-003.7038/"
        stream = out.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.codec_context.gop_size = 30
        for number in range(frames):
            frame = av.VideoFrame.from_image(drawn(number // 30))
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


@pytest.fixture(scope="module")
def evidence(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("evidence")
    for name, seed in (("a", 1), ("again", 1), ("b", 2)):
        (folder / f"{name}.jpg").write_bytes(jpeg(seed))
    (folder / "camera.jpg").write_bytes(jpeg(3, stated()))
    drawn(4).save(folder / "c.png")
    (folder / "torn.png").write_bytes((folder / "c.png").read_bytes()[:200])
    (folder / "not.jpg").write_bytes(b"\xff\xd8\xff" + bytes(range(256)) * 4)
    film(folder / "film.mp4")
    (folder / "phone.heic").write_bytes(heic(drawn(6)))
    drawn(6).save(folder / "phone.avif", quality=90)
    with zipfile.ZipFile(folder / "sent.zip", "w") as pack:
        pack.writestr("d.jpg", jpeg(5))
    return folder


def taken(case: Case, paths, exhibit_id="E-1", *, inline=False, hash_only=False) -> None:
    about = {**ABOUT, "exhibit_id": exhibit_id, "kind": "phone", "country": "ES",
             "hash_only": hash_only}  # fmt: skip
    looks = InlineFingerprints(case, exhibit_id) if inline else None
    with case.writing():
        take_in(case, described(case.config, paths, about), inline=looks)


def looked(case: Case, exhibit_id="E-1", limits=None, frames=None) -> dict[str, list]:
    with case.writing():
        fingerprint(case, exhibit_id, limits=limits, frames=frames)
    with disclose(case, Disclosure(what="a test", places=True)) as reading:
        return {t: reading.rows(f"SELECT * FROM {t} ORDER BY ALL") for t in TABLES}


@pytest.fixture(scope="module")
def plain(evidence, tmp_path_factory):
    with create_case(tmp_path_factory.mktemp("plain") / "case", "T", "A") as case:
        taken(case, (evidence,))
        yield case, looked(case)


def test_every_content_has_one_row_or_is_told(plain) -> None:
    case, found = plain
    distinct = {
        r["sha256"]
        for r in case.rows(
            "SELECT sha256 FROM items WHERE starts_with(media_type, 'image/') "
            "OR starts_with(media_type, 'video/')"
        )
    }
    assert {m["source_id"] for m in found["media_files"]} == distinct
    assert len(found["media_files"]) == 10
    fingerprinted = {f["source_id"] for f in found["fingerprints"]}
    untold = distinct - fingerprinted
    assert {u["source_id"] for u in found["unread"]} == untold
    assert {u["path"] for u in found["unread"]} == {"not.jpg", "torn.png"}


def test_heic_and_avif_are_decoded_in_a_worker_and_look_the_same(plain) -> None:
    case, _ = plain
    found = case.rows(
        "SELECT i.path, f.value, f.decode_path, f.width, f.height FROM fingerprints AS f "
        "JOIN items AS i ON i.sha256 = f.source_id "
        "WHERE i.path IN ('phone.heic', 'phone.avif') AND f.algorithm = 'pdq' ORDER BY i.path"
    )
    assert [f["path"] for f in found] == ["phone.avif", "phone.heic"]
    assert [f["decode_path"].split()[0] for f in found] == ["Pillow", "pi-heif"]
    assert {(f["width"], f["height"]) for f in found} == {(320, 240)}
    drawing = pdq(brightness(drawn(6))).value
    assert all(distance(f["value"], drawing) <= 4 for f in found)


def test_members_of_archives_count_too(plain) -> None:
    case, _ = plain
    (row,) = case.rows(
        "SELECT f.algorithm FROM fingerprints AS f JOIN items AS i ON i.sha256 = f.source_id "
        "WHERE i.path = 'sent.zip/d.jpg' AND f.algorithm = 'pdq'"
    )
    assert row == {"algorithm": "pdq"}


@pytest.mark.parametrize(
    "way",
    [{"inline": True}, {"hash_only": True}, {"inline": True, "hash_only": True}, {"strong": False}],
    ids=str,
)
def test_the_rows_are_the_same_on_every_way(evidence, plain, tmp_path, way) -> None:
    with create_case(tmp_path / "case", "T", "A") as case:
        limits = Limits(strong=way.get("strong", True))
        taken(case, (evidence,), inline="inline" in way, hash_only="hash_only" in way)
        assert looked(case, limits=limits) == plain[1]


def test_what_was_looked_at_while_taking_in_is_not_read_again(
    evidence, tmp_path, monkeypatch
) -> None:
    with create_case(tmp_path / "case", "T", "A") as case:
        taken(case, (evidence,), inline=True)
        monkeypatch.setattr(batches, "call_for_each", None)
        assert looked(case)["fingerprints"]


def test_a_content_of_another_exhibit_is_not_decoded_again(
    evidence, plain, tmp_path, monkeypatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("b.jpg", "torn.png", "film.mp4"):
        (other / f"x-{name}").write_bytes((evidence / name).read_bytes())
    with create_case(tmp_path / "case", "T", "A") as case:
        taken(case, (evidence,), "Z-9")
        looked(case, "Z-9")
        taken(case, (other,), "A-1")
        monkeypatch.setattr(batches, "call_for_each", None)
        found = looked(case, "A-1")
    mine = [f for f in found["fingerprints"] if f["exhibit_id"] == "A-1"]
    sources = {f["source_id"] for f in mine}
    theirs = [f for f in plain[1]["fingerprints"] if f["source_id"] in sources]
    assert [{**f, "exhibit_id": ""} for f in mine] == [{**f, "exhibit_id": ""} for f in theirs]
    (told,) = [u for u in found["unread"] if u["exhibit_id"] == "A-1"]
    assert told["path"] == "x-torn.png"


@pytest.mark.parametrize("first", ["A-1", "Z-9"])
def test_exhibits_taken_in_before_anything_is_read_decode_a_content_once(
    evidence, plain, tmp_path, monkeypatch, first
) -> None:
    second = {"A-1": "Z-9", "Z-9": "A-1"}[first]
    copied = tmp_path / "copied"
    shutil.copytree(evidence, copied)
    (copied / "note.txt").write_text("another exhibit")
    with create_case(tmp_path / "case", "T", "A") as case:
        taken(case, (evidence,), first, inline=True)
        monkeypatch.setattr(worker_calls, "_results", None)
        taken(case, (copied,), second, inline=True)
        for exhibit_id in ("A-1", "Z-9"):
            found = looked(case, exhibit_id)
    for exhibit_id in ("A-1", "Z-9"):
        for table in TABLES[:4]:
            mine = [{**r, "exhibit_id": ""} for r in found[table] if r["exhibit_id"] == exhibit_id]
            assert mine == [{**r, "exhibit_id": ""} for r in plain[1][table]]


def test_a_done_step_is_not_done_again_and_finer_frames_are_kept(evidence, tmp_path) -> None:
    with create_case(tmp_path / "case", "T", "A") as case:
        taken(case, (evidence / "film.mp4", evidence / "a.jpg"))
        counts = []
        for frames in (None, "seconds", None, "all", "keyframes"):
            found = looked(case, frames=frames)
            counts.append(sum(f["algorithm"] == "vpdq" for f in found["fingerprints"]))
            assert sum(f["algorithm"] == "pdq" for f in found["fingerprints"]) == 1
    assert counts == [3, 3, 3, 90, 90]


def test_what_a_camera_states_is_kept_with_its_place_in_the_file(plain) -> None:
    found = plain[1]
    (camera,) = [m for m in found["media_files"] if m["make"]]
    assert (camera["make"], camera["model"], camera["serial"]) == ("Maker", "Model 7", "SN-0001")
    assert camera["taken_at"].isoformat() == "2024-05-31T21:30:00.250000+00:00"
    assert (camera["taken_local"], camera["offset_basis"]) == ("2024:05:31 23:30:00", "stated")
    assert camera["orientation"] == 6
    assert (camera["width"], camera["height"]) == (320, 240)
    details = {d["locator"]: d for d in found["media_details"]}
    assert details["exif/0x8769/0x9003"]["property"] == "exif.DateTimeOriginal"
    one_encoder = {m["quantisation_fingerprint"] for m in found["media_files"]
                   if m["media_type"] == "image/jpeg"}  # fmt: skip
    assert len(one_encoder - {None}) == 1


def test_what_a_film_states_is_kept(plain) -> None:
    (video,) = [m for m in plain[1]["media_files"] if m["codec"]]
    assert (video["codec"], video["duration_ms"]) == ("mpeg4", 3000)
    assert video["taken_at"].isoformat() == "2024-06-01T10:00:00+00:00"
    assert video["offset_basis"] == "container_utc"


def test_places_are_kept_and_withheld_until_asked_for(plain, tmp_path) -> None:
    case, found = plain
    assert {(p["latitude"], p["longitude"]) for p in found["media_places"]} == {
        (40.4168, -3.7038), (40.425, -3.7041667),
    }  # fmt: skip
    folder = str(case.folder)
    asked = [
        (show, [folder, "places", "--json"]), (show, [folder, "media", "--json"]),
        (query, [folder, "SELECT * FROM media_places", "--json"]),
        (query, [folder, "SELECT max(latitude) AS x FROM media_places", "--json"]),
        (query, [folder, "SELECT * FROM media_details", "--json"]),
    ]  # fmt: skip
    for command, arguments in asked:
        told = CliRunner().invoke(command, arguments)
        assert told.exit_code == 0, told.output
        assert "40.4" not in told.stdout
        assert "+40" not in told.stdout
    told = CliRunner().invoke(show, [folder, "places", "--json", "--unmask", "--reason", "case 12"])
    assert {json.loads(line)["latitude"] for line in told.stdout.splitlines()} == {
        "40.4168", "40.425",
    }  # fmt: skip
    files = sorted((case.folder / "facts" / "media_places").iterdir())
    for source in (f"read_parquet('{files[0]}')", f"'{files[0]}'"):
        refused = CliRunner(catch_exceptions=True).invoke(
            query, [folder, f"SELECT * FROM {source}"]
        )
        assert "40.4" not in refused.output
        assert refused.exit_code


def test_a_missing_library_is_told_once_for_each_kind(evidence, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(
        kinds, "installed", lambda package: None if package == "av" else kinds.VERSION
    )
    with create_case(tmp_path / "case", "T", "A") as case:
        taken(case, (evidence,), inline=True)
        found = looked(case)
    told = [u for u in found["unread"] if u["code"] == "needs:clew[media]"]
    assert [(t["path"], t["severity"]) for t in told] == [("film.mp4", "warning")]
    assert told[0]["figures"] == ["n=1", "media_type=video/mp4"]
    assert len({f["source_id"] for f in found["fingerprints"]}) == 7


def test_evidence_that_is_gone_is_told_and_tried_again(evidence, tmp_path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    file = away / "a.jpg"
    file.write_bytes(jpeg(9))
    with create_case(tmp_path / "case", "T", "A") as case:
        taken(case, (away,), hash_only=True)
        file.rename(tmp_path / "elsewhere")
        found = looked(case)
        assert [u["code"] for u in found["unread"]] == ["gone:file"]
        assert not found["fingerprints"]


def test_hostile_pictures_and_videos_cost_no_worker_and_are_the_same_without_the_sandbox(
    fixtures, tmp_path
) -> None:
    hostile = fixtures / "hostile"
    held = []
    for strong in (True, False):
        with create_case(tmp_path / f"case {strong}", "T", "A") as case:
            taken(case, (hostile / "image", hostile / "video"))
            found = looked(case, limits=Limits(strong=strong))
            (seen,) = case.rows(
                "SELECT count(DISTINCT sha256) AS n FROM items WHERE size > 0 AND "
                "(starts_with(media_type, 'image/') OR starts_with(media_type, 'video/'))"
            )
        codes = [u["code"] for u in found["unread"]]
        told = {c if c.startswith("limit:") else c.partition(":")[0] for c in codes}
        assert told == {"damaged", "partial", "unsupported", "limit:pages", "limit:pixels"}
        unsupported = sum(u["code"] == "unsupported" for u in found["unread"])
        assert len(found["media_files"]) + unsupported == seen["n"] > 900
        assert len({f["source_id"] for f in found["fingerprints"]}) > 200
        held.append(found)
    assert held[0] == held[1]
