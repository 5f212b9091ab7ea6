"""The compiled ontology is whole, names its source, and is that of the public one."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path

import pytest

from clew.exchange.caseuco.shapes import is_concept, ontology, targets

COMPILER = Path(__file__).parents[4] / "bench" / "case_shapes.py"


def test_source_and_licence_are_named() -> None:
    assert ontology().licence == "Apache-2.0"
    assert ontology().version == "1.5.0"
    assert "CASE" in ontology().source


def test_every_target_and_class_of_ours_is_a_name_of_the_ontology() -> None:
    of = {iri for kind in targets().values() for iri in kind if is_concept(iri)}
    odd = {iri.rpartition("/")[2] for iri in of - ontology().concepts}
    assert odd == {"AnalysicResult"}  # so misspelt in UCO 1.5.0 itself
    assert len(targets()["class"]) > 150


@pytest.mark.slow
@pytest.mark.whole("the compiled file is read and used")
def test_the_data_file_is_what_the_ontology_compiles_to(tmp_path) -> None:
    pytest.importorskip("case_utils")
    spec = importlib.util.spec_from_file_location("case_shapes", COMPILER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    kept, module.OUT = module.OUT.read_bytes(), tmp_path / "shapes.json.gz"
    module.main()
    assert json.loads(gzip.decompress(module.OUT.read_bytes())) == json.loads(gzip.decompress(kept))
