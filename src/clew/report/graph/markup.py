"""GraphML and GEXF, written as a stream: nothing but one node or link is in memory.

GraphML as graphml.graphdrawing.org specifies it; GEXF 1.3 as gexf.net/schema.html does, with the
positions of the layout as ``viz:position``, the days of a link as its ``start`` and ``end``, which
Gephi's timeline takes; to the second they stand in ``since`` and ``until``. XML 1.0 can't hold most
control characters: they are spelt out as code points, as everywhere in what people read.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from clew.report.graph.model import LINK_COLUMNS, NODE_COLUMNS, Graph, Link, Node
from clew.words.characters import spelt_out

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_DAY = len("2026-01-01")
_WIDE = 1000
"""Units that a drawing is wide; ``y`` goes up in Gephi and down in a report."""
_COLOURS = {
    "person": (11, 83, 148), "group": (179, 89, 0), "account": (86, 93, 102),
    "content": (122, 46, 142),
}  # fmt: skip


def graphml(graph: Graph) -> Iterator[str]:
    """The network as GraphML."""
    yield _HEAD
    yield (
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns '
        'http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
    )
    yield '<key id="n_label" for="node" attr.name="label" attr.type="string"/>\n'
    for name, kind in NODE_COLUMNS.items():
        yield f'<key id="n_{name}" for="node" attr.name="{name}" attr.type="{kind}"/>\n'
    for name, kind in LINK_COLUMNS.items():
        yield f'<key id="l_{name}" for="edge" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph id="clew" edgedefault="directed">\n'
    for node in graph.nodes():
        values = _data("n", {"label": node.label, **node.values})
        yield f"<node id={_quoted(node.id)}>{values}</node>\n"
    for number, link in enumerate(graph.links()):
        yield (
            f'<edge id="l{number}" source={_quoted(link.source)} target={_quoted(link.target)}>'
            f"{_data('l', link.values)}</edge>\n"
        )
    yield "</graph>\n</graphml>\n"


def gexf(graph: Graph) -> Iterator[str]:
    """The network as GEXF 1.3."""
    yield _HEAD
    yield (
        '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">\n'
        "<meta><creator>Clew</creator><description>Findings from data on seized devices, not "
        "judgements about people. Basis proved: devices show it; inferred: it follows from labels, "
        "dates or likeness.</description></meta>\n"
        '<graph mode="dynamic" defaultedgetype="directed" timeformat="date" '
        'timerepresentation="interval">\n'
    )
    yield from _declared("node", NODE_COLUMNS)
    yield from _declared("edge", LINK_COLUMNS)
    yield "<nodes>\n"
    yield from map(_gexf_node, graph.nodes())
    yield "</nodes>\n<edges>\n"
    for number, link in enumerate(graph.links()):
        yield _gexf_edge(number, link)
    yield "</edges>\n</graph>\n</gexf>\n"


def _declared(of: str, columns: dict[str, str]) -> Iterator[str]:
    yield f'<attributes class="{of}" mode="static">'
    for name, kind in columns.items():
        yield f'<attribute id="{name}" title="{name}" type="{kind}"/>'
    yield "</attributes>\n"


def _gexf_node(node: Node) -> str:
    position = ""
    if "x" in node.values:
        across, down = float(node.values["x"]), float(node.values["y"])
        position = f'<viz:position x="{across * _WIDE:.1f}" y="{(1 - down) * _WIDE:.1f}" z="0.0"/>'
    red, green, blue = _COLOURS[str(node.values["kind"])]
    return (
        f"<node id={_quoted(node.id)} label={_quoted(node.label)}>{_attvalues(node.values)}"
        f'<viz:color r="{red}" g="{green}" b="{blue}"/>{position}</node>\n'
    )


def _gexf_edge(number: int, link: Link) -> str:
    values = link.values
    start, end = str(values.get("since", "")), str(values.get("until", ""))
    if start and end and end < start:
        start = end = ""
    times = {"start": start[:_DAY], "end": end[:_DAY]}
    written = "".join(f' {name}="{day}"' for name, day in times.items() if day)
    style = "solid" if values["basis"] == "proved" else "dashed"
    return (
        f'<edge id="l{number}" source={_quoted(link.source)} target={_quoted(link.target)} '
        f'kind="{values["kind"]}" weight="{max(int(values["weight"]), 1)}"{written}>'
        f'{_attvalues(values)}<viz:shape value="{style}"/></edge>\n'
    )


def _attvalues(values: dict[str, str | int | float] | dict[str, str | int]) -> str:
    written = "".join(
        f'<attvalue for="{name}" value={_quoted(value)}/>' for name, value in values.items()
    )
    return f"<attvalues>{written}</attvalues>"


def _data(of: str, values: dict[str, str | int | float] | dict[str, str | int]) -> str:
    return "".join(
        f'<data key="{of}_{name}">{escape(_legal(value))}</data>' for name, value in values.items()
    )


def _quoted(value: object) -> str:
    text = escape(_legal(value), {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
    return f'"{text}"'


def _legal(value: object) -> str:
    """A text that XML can hold."""
    return spelt_out(value) if isinstance(value, str) else str(value)
