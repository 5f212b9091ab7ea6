"""Where an item lies on the phone that a dump implies."""

from __future__ import annotations

import pyarrow as pa

from clew.evidence.device_paths import DevicePaths
from clew.records import Item
from clew.schema import arrow_schema


def items(*paths: str) -> pa.RecordBatch:
    schema = arrow_schema(Item)
    nothing = [pa.nulls(len(paths), field.type) for field in schema]
    found = pa.RecordBatch.from_arrays(nothing, names=schema.names)
    for name, values in (("path", paths), ("item_id", [f"i{n}" for n in range(len(paths))])):
        at = schema.get_field_index(name)
        found = found.set_column(at, schema.field(at), pa.array(values, schema.field(at).type))
    return found


def test_items_of_no_phone_stay_as_they_are() -> None:
    given = items("notes/a.txt", "b.jpg")
    paths = DevicePaths(lambda: iter([given]), ())
    assert list(paths.items()) == [given]
    assert list(paths.flags()) == []
