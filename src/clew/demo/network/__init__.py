"""An operation of real size: people, accounts, groups, cascades of shares, and what was seized.

Everything is made up from a seed and benign: names are common names put together by chance, files
are drawn or are hashes alone. The parameters describe how such networks look from outside; none of
them was chosen after seeing how a method of Clew fares. Figures against this operation rank
methods; they are no field error rates.
"""

from clew.demo.network.files import Media
from clew.demo.network.operation import Generated, generate
from clew.demo.network.parameters import Parameters
from clew.demo.network.score import score

__all__ = ["Generated", "Media", "Parameters", "generate", "score"]
