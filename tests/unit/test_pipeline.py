"""Laws of ``clew.test_pipeline``."""

from __future__ import annotations

from clew import pipeline
from clew.casefile.engine import Progress


def test_without_its_library_a_step_is_empty_told_and_done_again_with_it(
    concluded, monkeypatch
) -> None:
    runs = concluded.folder / "runs"
    find_spec = pipeline.importlib.util.find_spec
    with monkeypatch.context() as patched:
        patched.setattr(
            pipeline.importlib.util, "find_spec",
            lambda name, *more: None if name == "networkit" else find_spec(name, *more),
        )  # fmt: skip
        assert "measures" in pipeline.pending(concluded)
        pipeline.conclude(concluded, Progress())
        assert concluded.rows("FROM person_measures") == []
        assert "measures" not in pipeline.pending(concluded)
    log = "".join(f.read_text() for f in sorted(runs.iterdir()))
    assert '"lacking"' in log
    assert "-m pip install networkit scipy" in log
    assert "measures" in pipeline.pending(concluded)
    pipeline.conclude(concluded, Progress())
    assert concluded.rows("FROM person_measures")
