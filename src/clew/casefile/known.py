"""Whom a case knows: what masking asks the tables for, and only when it needs it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING

from clew.casefile.masking import Known, Name
from clew.records import Account, AccountName, Chat, Contact, Entry, PersonAccount
from clew.schema import Row

if TYPE_CHECKING:
    import pyarrow as pa

    from clew.casefile import Case

_PEOPLE = "SELECT account_id, person_id FROM person_accounts"
_CHATS = "SELECT DISTINCT chat_id FROM chats"
_NAMES = """
SELECT DISTINCT name, account_id FROM (
  SELECT name, account_id FROM account_names
  UNION ALL SELECT identifier, account_id FROM accounts WHERE id_type IN ('username', 'email')
  UNION ALL SELECT unnest([display_name, given_name, family_name, nickname]), account_id
  FROM contacts
  UNION ALL SELECT name, NULL FROM (SELECT unnest(names) AS name FROM entries)
  WHERE contains(name, ' ')
) WHERE name IS NOT NULL ORDER BY name, account_id
"""


class KnownToCase(Known):
    """What the tables of a case say, asked by an engine of its own: another may be at work."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self._case = case

    @cached_property
    def person_of(self) -> dict[str, str]:
        """Person of each account."""
        found = self._people[0].to_pydict()
        return dict(zip(found["account_id"], found["person_id"], strict=True))

    @cached_property
    def chats(self) -> frozenset[str]:
        """Identifiers of conversations."""
        return frozenset(self._people[1]["chat_id"].to_pylist())

    def names(self) -> Iterable[Name]:
        """Names, each with the account that bears it."""
        (found,) = self._ask((_NAMES,), Account, AccountName, Contact, Entry)
        yield from zip(found["name"].to_pylist(), found["account_id"].to_pylist(), strict=True)

    @cached_property
    def _people(self) -> list[pa.Table]:
        return self._ask((_PEOPLE, _CHATS), PersonAccount, Chat)

    def _ask(self, queries: Iterable[str], *rows: type[Row]) -> list[pa.Table]:
        with closing(self._case.open_engine()) as engine:
            self._case.show_tables(engine, rows)
            return [engine.query(query) for query in queries]
