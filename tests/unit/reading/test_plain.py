"""Which queries list a page of columns and do nothing with them."""

from __future__ import annotations

import pytest

from clew.casefile.engine import parse
from clew.reading.plain import listed
from clew.records import Message
from clew.schema import columns


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM messages LIMIT 5",
        "SELECT text, m.chat_id FROM messages AS m ORDER BY sent_at DESC LIMIT 20 OFFSET 20",
        "SELECT text FROM messages WHERE kind = 'text' AND sent_at > now() LIMIT 5",
        "SELECT text FROM messages WHERE event_id = 'x' ORDER BY event_id LIMIT 5",
    ],
)
def test_a_page_of_columns_is_a_plain_list(sql) -> None:
    assert listed(parse(sql), columns(Message))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM messages",
        "SELECT * FROM messages LIMIT 100000",
        "SELECT upper(text) FROM messages LIMIT 5",
        "SELECT text AS kind FROM messages ORDER BY kind LIMIT 5",
        "SELECT text FROM messages ORDER BY text LIMIT 5",
        "SELECT text FROM messages ORDER BY 1 LIMIT 5",
        "SELECT text FROM messages ORDER BY ALL LIMIT 5",
        "SELECT text FROM messages WHERE text LIKE 'a%' LIMIT 5",
        "SELECT text FROM messages WHERE chat_id = 'x' LIMIT 5",
        "SELECT kind FROM messages WHERE (SELECT max(text) FROM messages) > 'a' LIMIT 5",
        "SELECT kind FROM messages AS m WHERE m IS NOT NULL LIMIT 5",
        "SELECT DISTINCT text FROM messages LIMIT 5",
        "SELECT m FROM messages AS m LIMIT 5",
        "SELECT * REPLACE (1 AS kind) FROM messages LIMIT 5",
        "SELECT COLUMNS('t.*') FROM messages LIMIT 5",
        "SELECT text FROM messages, chats LIMIT 5",
        "SELECT text, count(*) FROM messages GROUP BY ALL LIMIT 5",
        "SELECT x FROM messages AS m(x) LIMIT 5",
        "WITH w AS (SELECT 1) SELECT text FROM messages LIMIT 5",
        "SELECT text FROM messages QUALIFY row_number() OVER (ORDER BY text) < 3 LIMIT 5",
    ],
)
def test_whatever_touches_a_masked_value_is_none(sql) -> None:
    assert listed(parse(sql), columns(Message)) is None
