"""A benign operation in real file formats, generated from parameters, with the truth beside it.

Everything is made up from a seed: names are common names put together by chance, numbers are a
dialling prefix and two zeros, which no numbering plan assigns; texts are about bread, trains and
weather; files are drawn gradients or hashes alone. The parameters describe how such networks look
from outside; none was chosen after seeing how a method of Clew fares. Figures against the truth
rank methods; they are no field error rates.
"""

from clew.demo.generate import Operation, generate
from clew.demo.parameters import Media, Parameters, small
from clew.demo.score import Score, score

__all__ = ["Media", "Operation", "Parameters", "Score", "generate", "score", "small"]
