"""The network for other programs: GraphML, GEXF 1.3, and CSV of nodes and links."""

from clew.report.graph.write import FORMATS, Written, write_graph

__all__ = ["FORMATS", "Written", "write_graph"]
