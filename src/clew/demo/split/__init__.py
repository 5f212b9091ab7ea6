"""The operation split by country: a case each, packages between them, and one case of all parts.

Agencies, officers and keys are a demonstration's; whoever has the folder has every key of it.
"""

from clew.demo.split.agencies import COORDINATOR, Agency
from clew.demo.split.law20 import Merged
from clew.demo.split.story import Played, Split

__all__ = ["COORDINATOR", "Agency", "Merged", "Played", "Split"]
