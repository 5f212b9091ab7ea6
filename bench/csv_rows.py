"""Write a CSV file of a stated number of messages and the mapping for it: benign text.

usage: python bench/csv_rows.py MESSAGES FOLDER
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

_MAPPING = """name: bench
files: ["bench.csv"]
platform: bakery
time_zone: UTC
dates: [{form}]
tables:
  messages:
    columns:
      chat_id: room
      message_key: id
      sender_account_id: {{column: who, id_type: username}}
      sent_at: at
      text: said
"""
_START = datetime(2024, 1, 1, tzinfo=UTC)


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("messages", type=int)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    asked.folder.mkdir(exist_ok=True)
    form = '"%d/%m/%Y %H:%M:%S"'
    (asked.folder / "bench.yaml").write_text(_MAPPING.format(form=form), encoding="utf-8")
    with (asked.folder / "bench.csv").open("w", encoding="utf-8") as out:
        out.write("id,room,who,at,said\n")
        for number in range(asked.messages):
            at = _START + timedelta(seconds=7 * number)
            said = f'"message {number}, about bread, rolls and flour"'
            out.write(f"{number},r{number % 90},u{number % 135},{at:%d/%m/%Y %H:%M:%S},{said}\n")


if __name__ == "__main__":
    main()
