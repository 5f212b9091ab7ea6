"""A model that the user brings: vectors for review, no answer, and never in what is settled."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import tiny_onnx
from click.testing import CliRunner
from PIL import Image
from steps import take_in

from clew.casefile import Case, create_case, open_case
from clew.casefile.verify import verify
from clew.cli.hashset import hashset
from clew.cli.report import report
from clew.cli.run import run as run_command
from clew.errors import UsageError
from clew.evidence.describe import described
from clew.facts.fingerprints import kinds, model
from clew.report.figures import settled
from clew.sandbox import Guard, Limits

ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
)


def drawn(seed: int, size=(320, 320)) -> Image.Image:
    rough = np.random.default_rng(seed).integers(0, 256, (4, 4, 3)).astype(np.uint8)
    return Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC)


def cropped(image: Image.Image) -> Image.Image:
    """So much cut off that PDQ takes it for another picture."""
    return image.crop((16, 16, 304, 304)).resize(image.size)


def saved(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.fixture(scope="module")
def evidence(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "known.png").write_bytes(saved(drawn(1), "PNG"))
    (folder / "cropped.jpg").write_bytes(saved(cropped(drawn(1)), "JPEG"))
    for seed in (2, 3):
        (folder / f"other{seed}.jpg").write_bytes(saved(drawn(seed), "JPEG"))
    (folder / "moving.gif").write_bytes(saved(drawn(4), "GIF"))
    Image.fromarray(np.arange(90_000, dtype=np.uint16).reshape(300, 300)).save(folder / "deep.png")
    (folder / "torn.png").write_bytes((folder / "known.png").read_bytes()[:300])
    return folder


@pytest.fixture(scope="module")
def taken(evidence, tmp_path_factory) -> Path:
    """A case of two exhibits, and a set that knows one picture by its bytes."""
    folder = tmp_path_factory.mktemp("taken") / "case"
    with create_case(folder, "T", "A") as case, case.writing():
        for exhibit, paths in (("E-1", [evidence]), ("E-2", [evidence / "cropped.jpg"])):
            about = {**ABOUT, "exhibit_id": exhibit, "kind": "phone", "country": "ES",
                     "hash_only": False}  # fmt: skip
            take_in(case, described(case.config, paths, about))
        (row,) = case.rows("SELECT md5 FROM items WHERE path = 'known.png' AND exhibit_id = 'E-1'")
    listed = folder.parent / "list.txt"
    listed.write_text(row["md5"] + "\n")
    told = CliRunner().invoke(
        hashset, ["add", str(folder), str(listed), "--name", "s", "--version", "1",
               "--kind", "known"],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    return folder


def copied(taken: Path, target: Path) -> Path:
    shutil.copytree(taken, target)
    return target


def run(case: Path, *more: str) -> str:
    told = CliRunner().invoke(run_command, [str(case), *more], catch_exceptions=False)
    assert told.exit_code in (0, 1), told.output
    return told.output


def rows(case: Path, query: str) -> list[dict]:
    with open_case(case) as opened:
        return opened.rows(query)


MATCHES = "SELECT * EXCLUDE (match_id) FROM matches ORDER BY algorithm, sha256, exhibit_id"


@pytest.fixture(scope="module")
def shown(taken, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shown")
    case = copied(taken, folder / "case")
    run(case)
    assert rows(case, "FROM embeddings") == []
    with open_case(case) as opened:
        before = settled(opened), opened.rows(MATCHES)
    run(case, "--embedding", str(tiny_onnx.written(folder)))
    with open_case(case) as opened:
        assert settled(opened) == before[0]
    assert [m for m in rows(case, MATCHES) if m["algorithm"] != "embedding"] == before[1]
    return case


def test_every_decodable_picture_has_one_vector_of_length_one(shown) -> None:
    found = rows(shown, "SELECT e.*, i.path FROM embeddings AS e JOIN items AS i "
                        "ON i.sha256 = e.source_id AND i.exhibit_id = e.exhibit_id")  # fmt: skip
    assert sorted((f["exhibit_id"], f["path"]) for f in found) == [
        *(("E-1", n) for n in ("cropped.jpg", "deep.png", "known.png", "moving.gif",
                               "other2.jpg", "other3.jpg")),
        ("E-2", "cropped.jpg"),
    ]  # fmt: skip
    (named,) = rows(shown, "FROM embedding_models WHERE exhibit_id = 'E-1'")
    for one in found:
        vector = np.frombuffer(bytes.fromhex(one["vector"]), "<f4")
        assert len(vector) == one["dimensions"] == named["dimensions"] == 192
        assert abs(float((vector**2).sum()) - 1) < 1e-5
        assert (one["algorithm"], one["version"]) == (named["algorithm"], named["version"])
    digest = hashlib.sha256(tiny_onnx.model()).hexdigest()
    assert named["algorithm"] == f"onnx:{digest}"
    assert json.loads(named["contract"])["mean"] == [0.5, 0.5, 0.5]


def test_the_vector_is_the_mean_of_each_square(shown, evidence) -> None:
    (one,) = rows(shown, "SELECT e.vector FROM embeddings AS e JOIN items AS i "
                         "ON i.sha256 = e.source_id WHERE i.path = 'known.png'")  # fmt: skip
    image = Image.open(evidence / "known.png").resize((64, 64), Image.Resampling.BILINEAR)
    values = (np.asarray(image, np.float64) / 255 - 0.5) / 0.25
    means = values.transpose(2, 0, 1).reshape(3, 8, 8, 8, 8).mean(axis=(2, 4)).ravel()
    expected = means / np.sqrt((means**2).sum())
    assert np.allclose(np.frombuffer(bytes.fromhex(one["vector"]), "<f4"), expected, atol=1e-5)


def test_what_is_near_by_the_model_is_for_review_and_nothing_else(shown) -> None:
    found = [m for m in rows(shown, MATCHES) if m["algorithm"] == "embedding"]
    paths = {i["sha256"]: i["path"] for i in rows(shown, "SELECT sha256, path FROM items")}
    assert [(paths[m["sha256"]], m["exhibit_id"], m["tier"]) for m in found] == [
        ("cropped.jpg", "E-1", "review"), ("cropped.jpg", "E-2", "review"),
    ]  # fmt: skip
    assert {paths[m["known_hash"]] for m in found} == {"known.png"}
    assert all(0 < m["distance"] <= 150 for m in found)
    assert all(m["algorithm_version"].startswith("onnx:") for m in found)
    settled = rows(shown, "SELECT settled_by FROM file_clusters AS c JOIN items AS i USING (sha256)"
                          " WHERE i.path = 'cropped.jpg'")  # fmt: skip
    assert {s["settled_by"] for s in settled} == {"open"}


def test_the_report_says_that_its_distance_is_a_model_s(shown, tmp_path) -> None:
    out = tmp_path / "report.html"
    told = CliRunner().invoke(report, [str(shown), str(out)], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    assert out.read_text().count("thousandths, by a model") == 1


def test_a_plain_run_keeps_vectors_and_no_embedding_takes_them_back(shown, tmp_path) -> None:
    case = copied(shown, tmp_path / "case")
    run(case)
    assert len(rows(case, "FROM embeddings")) == 7
    run(case, "--no-embedding")
    assert rows(case, "FROM embeddings") == rows(case, "FROM embedding_models") == []
    assert not [m for m in rows(case, MATCHES) if m["algorithm"] == "embedding"]


def test_another_contract_makes_other_vectors_and_the_same_one_the_same(
    taken, shown, tmp_path
) -> None:
    case = copied(taken, tmp_path / "case")
    run(case, "--embedding", str(tiny_onnx.written(tmp_path)), "--workers", "1")
    query = "FROM embeddings ORDER BY exhibit_id, source_id"
    first = rows(case, query)
    assert first == rows(shown, query)
    cut = tiny_onnx.CONTRACT + 'fit = "crop"\n'
    run(case, "--embedding", str(tiny_onnx.written(tmp_path, contract=cut)))
    second = rows(case, query)
    assert {s["version"] for s in second}.isdisjoint(f["version"] for f in first)
    assert len(second) == len(first)


@pytest.fixture(scope="module")
def guard(tmp_path_factory):
    with contextlib.closing(Guard(Limits(), tmp_path_factory.mktemp("guard"))) as made:
        yield made


@pytest.mark.parametrize(("content", "contract", "reason"), [
    (tiny_onnx.model(last="Softmax"), None, "ends in Softmax"),
    (tiny_onnx.model(last="Sigmoid"), None, "ends in Sigmoid"),
    (tiny_onnx.model(labels="names"), None, "names classes"),
    (tiny_onnx.model(square=32), None, "12 numbers; 16 to 8192"),
    (tiny_onnx.model(side=32), None, "not float32 [1, 3, 64, 64]"),
    (b"no model", None, "no ONNX file"),
    (b"", None, "no ONNX file"),
    (tiny_onnx.model()[:-20], None, "no ONNX file"),
    (tiny_onnx.behind(tiny_onnx.node("Neg", "flat", "n"), tiny_onnx.node("Exp", "flat", "e"),
                      tiny_onnx.node("Neg", "e", "m"), tiny_onnx.node("Log", "m", "vector")),
     None, "holds what is no number"),
    (tiny_onnx.behind(tiny_onnx.of_two("Sub", "flat", "flat", "vector")), None, "the same vector"),
    (tiny_onnx.behind(tiny_onnx.node("Magic", "flat", "vector")), None, "operator"),
    (tiny_onnx.behind(tiny_onnx.node("Magic", "flat", "vector") + tiny_onnx.field(7, "other"),
                      domain="other"), None, "operator"),
    *((tiny_onnx.behind(tiny_onnx.of_two("Add", "flat", "w", "vector"),
                        kept=tiny_onnx.elsewhere("w", file)), None, "lie in another file")
      for file in ("weights.bin", "/etc/hostname", "../x")),
    (None, tiny_onnx.CONTRACT.replace("[0.5, 0.5, 0.5]", "[nan, 0.5, 0.5]"), "finite"),
    (None, tiny_onnx.CONTRACT.replace("0.15", "nan"), "review_distance"),
    (None, tiny_onnx.CONTRACT.replace('"picture"', '"image"'), "the contract names 'image'"),
    (None, tiny_onnx.CONTRACT.replace('"vector"', '"y"'), "the contract names 'y'"),
    (None, tiny_onnx.CONTRACT + "labels = 1\n", "unknown field `labels`"),
    (None, tiny_onnx.CONTRACT.replace("0.25", "0.0"), "no contract"),
    (None, "input = ", "no contract"),
    (None, tiny_onnx.CONTRACT.replace("0.15", "0.9"), "review_distance"),
])  # fmt: skip
def test_what_is_no_model_of_the_contract_is_refused(
    tmp_path, guard, content, contract, reason
) -> None:
    file = tiny_onnx.written(tmp_path, content, contract or tiny_onnx.CONTRACT)
    with pytest.raises(UsageError, match=r"onnx|toml") as refused:
        model.model(file, guard)
    assert reason in str(refused.value)
    assert "ONNXRuntimeError" not in str(refused.value)
    assert refused.value.do


def test_a_missing_file_contract_or_library_is_told(taken, tmp_path, monkeypatch) -> None:
    missing = CliRunner().invoke(run_command, [str(taken), "--embedding", str(tmp_path / "x")])
    assert isinstance(missing.exception, UsageError) or missing.exit_code == 2
    file = tiny_onnx.written(tmp_path)
    file.with_suffix(".toml").unlink()
    with pytest.raises(UsageError, match="contract can't be read"):
        model.model(file, Guard())
    monkeypatch.setattr(model, "installed", lambda _: None)
    with pytest.raises(UsageError, match=r"clew\[onnx\]"):
        model.model(file, Guard())
    assert kinds.installed("onnxruntime")


def test_a_picture_that_the_model_fails_on_is_told(taken, tmp_path) -> None:
    case = copied(taken, tmp_path / "case")
    with open_case(case) as opened:
        black = tmp_path / "gray.png"
        Image.new("RGB", (64, 64), (0, 0, 0)).save(black)
        about = {**ABOUT, "exhibit_id": "E-3", "kind": "phone", "country": "ES",
                 "hash_only": True}  # fmt: skip
        with opened.writing():
            take_in(opened, described(opened.config, [black], about), workers=1)
    contract = tiny_onnx.CONTRACT.replace("[0.5, 0.5, 0.5]", "[0.0, 0.0, 0.0]")
    run(case, "--embedding", str(tiny_onnx.written(tmp_path, contract=contract)))
    (told,) = rows(case, "FROM unread WHERE reader = 'embed'")
    found = told["code"], told["path"], told["exhibit_id"]
    assert found == ("model:empty_vector", "gray.png", "E-3")


def test_nothing_of_the_model_stands_in_what_is_kept(shown) -> None:
    case: Case
    with open_case(shown) as case:
        kept = {row["sha256"] for row in case.rows("SELECT sha256 FROM items")}
        digest = hashlib.sha256(tiny_onnx.model()).hexdigest()
        assert digest not in kept
        assert not list(case.folder.rglob("*.onnx"))
        assert [one for one in verify(case) if one.is_problem] == []
