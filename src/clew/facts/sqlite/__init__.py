"""SQLite databases by their pages: what is damaged, and what was deleted and is still there.

SQLite itself reads what is live and sound; this reads the rest. Nothing in a file can make it
raise: what does not fit is passed over, and every walk is bounded by the pages there are.

References:
    - sqlite.org/fileformat2.html

"""

from clew.facts.sqlite.carve import Carved, carve
from clew.facts.sqlite.mend import recover, troubles

__all__ = ["Carved", "carve", "recover", "troubles"]
