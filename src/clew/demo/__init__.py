"""A small benign operation in real file formats, with the truth beside it.

Nobody in it exists: numbers have a subscriber part that begins with four zeros, which no numbering
plan assigns; names are numbers; texts are about bread, trains and weather; pictures are gradients.
"""

from clew.demo.operation import Operation, generate
from clew.demo.score import Score, score

__all__ = ["Operation", "Score", "generate", "score"]
