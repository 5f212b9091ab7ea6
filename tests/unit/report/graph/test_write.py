"""Laws of ``clew.report.graph.write``."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from clew.errors import UsageError
from clew.reading import Reading, disclosure_of
from clew.report.graph import FORMATS, write_graph
from clew.report.graph.model import Wanted

MASKED = disclosure_of("test")


PLAIN = disclosure_of("test", unmask=True, reason="test")


ALL = Wanted(accounts=True, contents=True)


GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


GEXF = "{http://gexf.net/1.3}"


VIZ = "{http://gexf.net/1.3/viz}"


SECRETS = ("4477009000", "Ana del Puerto", "Berta")


def text_of(out) -> str:
    files = sorted(out.iterdir()) if out.is_dir() else [out]
    return "".join(f.read_text(encoding="utf-8") for f in files)


def links_of(case, tmp_path, **wanted) -> list[dict[str, str]]:
    write_graph(Reading(case, MASKED), tmp_path / "csv", "csv", Wanted(**wanted))
    with (tmp_path / "csv" / "links.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def graphml(out) -> tuple[set[str], list[tuple[str, str]]]:
    root = ET.parse(out).getroot()
    assert root.tag == f"{GRAPHML}graphml"
    keys = {k.get("id"): k for k in root.findall(f"{GRAPHML}key")}
    (graph,) = root.findall(f"{GRAPHML}graph")
    assert graph.get("edgedefault") == "directed"
    for part, of in (("node", "node"), ("edge", "edge")):
        for found in graph.findall(f"{GRAPHML}{part}"):
            for value in found.findall(f"{GRAPHML}data"):
                key = keys[value.get("key")]
                assert key.get("for") == of
                {"long": int, "double": float, "string": str}[key.get("attr.type")](value.text)
    nodes = [n.get("id") for n in graph.findall(f"{GRAPHML}node")]
    assert len(nodes) == len(set(nodes))
    edges = graph.findall(f"{GRAPHML}edge")
    return set(nodes), [(e.get("source"), e.get("target")) for e in edges]


def gexf(out) -> tuple[set[str], list[tuple[str, str]]]:
    root = ET.parse(out).getroot()
    assert (root.tag, root.get("version")) == (f"{GEXF}gexf", "1.3")
    assert [part.tag for part in root] == [f"{GEXF}meta", f"{GEXF}graph"]
    graph = root[1]
    assert [part.tag.removeprefix(GEXF) for part in graph] == [
        "attributes", "attributes", "nodes", "edges",
    ]  # fmt: skip
    for part, declared in ((graph[2], graph[0]), (graph[3], graph[1])):
        names = {a.get("id") for a in declared}
        assert {v.get("for") for v in part.iter(f"{GEXF}attvalue")} <= names
    for edge in graph[3]:
        assert float(edge.get("weight")) >= 1
        assert {s.get("value") for s in edge.iter(f"{VIZ}shape")} <= {"solid", "dashed"}
        assert (edge.get("start") or "") <= (edge.get("end") or "9")
    parallel = Counter((e.get("source"), e.get("target"), e.get("kind")) for e in graph[3])
    assert set(parallel.values()) == {1}
    nodes = [n.get("id") for n in graph[2]]
    assert len(nodes) == len(set(nodes))
    return set(nodes), [(e.get("source"), e.get("target")) for e in graph[3]]


def tables(out) -> tuple[set[str], list[tuple[str, str]]]:
    with (out / "nodes.csv").open(encoding="utf-8", newline="") as file:
        nodes = [row["Id"] for row in csv.DictReader(file)]
    with (out / "links.csv").open(encoding="utf-8", newline="") as file:
        links = [(row["Source"], row["Target"]) for row in csv.DictReader(file)]
    assert len(nodes) == len(set(nodes))
    return set(nodes), links


READ = {"graphml": graphml, "gexf": gexf, "csv": tables}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_holds_the_same_network_and_each_link_ends_at_nodes(
    answered, tmp_path, form
) -> None:
    written = write_graph(Reading(answered, MASKED), tmp_path / "out", form, ALL)
    nodes, links = READ[form](tmp_path / "out")
    assert (written.nodes, written.links) == (len(nodes), len(links)) == (23 + 87, 43 + 87)
    assert {end for link in links for end in link} <= nodes


@pytest.mark.parametrize("form", FORMATS)
def test_nobody_is_named_unless_asked_for(drawn, tmp_path, form) -> None:
    write_graph(Reading(drawn, MASKED), tmp_path / "masked", form, ALL)
    text = text_of(tmp_path / "masked")
    assert not [s for s in SECRETS if s in text]
    write_graph(Reading(drawn, PLAIN), tmp_path / "plain", form, ALL)
    text = text_of(tmp_path / "plain")
    assert {s for s in SECRETS if s not in text} == {"Ana del Puerto"}  # a name only is no node


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_case_gives_the_same_bytes(drawn, tmp_path, form) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one = write_graph(Reading(drawn, MASKED), tmp_path / "one" / "out", form, ALL)
    drawn.refresh()
    other = write_graph(Reading(drawn, MASKED), tmp_path / "other" / "out", form, ALL)
    assert one == other


def test_what_a_label_a_mention_or_dates_tell_is_inferred_and_the_rest_is_proved(
    drawn, tmp_path
) -> None:
    links = links_of(drawn, tmp_path, accounts=True)
    basis = Counter((link["Kind"], link["Basis"]) for link in links)
    assert basis == {
        ("member", "proved"): 24 + 90,
        ("member", "inferred"): 1,
        ("invited", "proved"): 1,
        ("succession", "inferred"): 1,
        ("tied", "proved"): 1,
    }
    (after,) = [link for link in links if link["Kind"] == "succession"]
    assert after["Weight"] == "12"
    assert "12 persons are in both" in after["Reason"]


def test_the_order_tells_nothing_of_the_numbers_behind_pseudonyms(drawn, tmp_path) -> None:
    write_graph(Reading(drawn, MASKED), tmp_path / "out", "csv", Wanted())
    with (tmp_path / "out" / "nodes.csv").open(encoding="utf-8", newline="") as file:
        shown = [row["Id"] for row in csv.DictReader(file) if row["Kind"] == "person"]
    assert shown == sorted(shown)
    with (tmp_path / "out" / "links.csv").open(encoding="utf-8", newline="") as file:
        member = [row["Source"] for row in csv.DictReader(file) if row["Kind"] == "member"]
    assert member == sorted(member)


def test_a_title_from_evidence_is_no_formula_and_no_markup(drawn, tmp_path) -> None:
    write_graph(Reading(drawn, MASKED), tmp_path / "csv", "csv", Wanted())
    with (tmp_path / "csv" / "nodes.csv").open(encoding="utf-8", newline="") as file:
        labels = [row["Label"] for row in csv.DictReader(file)]
    (hostile,) = [label for label in labels if "cmd" in label]
    assert hostile.startswith("'=cmd|\"<&>⟨U+202E⟩⟨U+0001⟩")
    for form in ("graphml", "gexf"):
        write_graph(Reading(drawn, MASKED), tmp_path / form, form, Wanted())
        READ[form](tmp_path / form)


def test_a_case_without_a_network_says_so_and_writes_nothing(case, tmp_path) -> None:
    with pytest.raises(UsageError, match="no network"):
        write_graph(Reading(case, MASKED), tmp_path / "out.gexf", "gexf", Wanted())
    assert not (tmp_path / "out.gexf").exists()
