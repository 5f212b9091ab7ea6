"""Work on many files in shards: cut, skip what is done, run guarded, keep, publish."""

from clew.shards.cutting import cut
from clew.shards.isolation import Lost, isolate
from clew.shards.parts import in_order, part_files, write_rows
from clew.shards.runner import Shard, ShardFolder, ShardRun, short_digest

__all__ = [
    "Lost",
    "Shard",
    "ShardFolder",
    "ShardRun",
    "cut",
    "in_order",
    "isolate",
    "part_files",
    "short_digest",
    "write_rows",
]
