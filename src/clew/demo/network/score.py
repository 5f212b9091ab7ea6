"""How the findings of an operation count up against its truth; bench/network.py has the rest."""

from __future__ import annotations

from clew.demo.network.truth import Counts
from clew.demo.score import Score, Tables


def score(counts: Counts, tables: Tables) -> list[Score]:
    """Compare what can be counted without judging; it ranks our steps, and is no error rate."""
    exhibits = tables("exhibits").select(["country", "search_id"]).to_pylist()
    merged = tables("merged_messages").select(["kind", "chat_id", "message_key"]).to_pylist()
    once = sum(
        m["kind"] != "system" and m["chat_id"].startswith("whatsapp:") and bool(m["message_key"])
        for m in merged
    )
    chats = tables("chats").select(["chat_id", "chat_type"]).to_pylist()
    groups = {c["chat_id"] for c in chats if c["chat_id"].endswith("@g.us")}
    return [
        Score("exhibits", counts.exhibits, len(exhibits)),
        Score("countries of searches", counts.countries, len({e["country"] for e in exhibits})),
        Score("searches", counts.searches, len({e["search_id"] for e in exhibits})),
        Score("messages of the databases, each once", counts.messages, once),
        Score("groups of the databases", counts.groups, len(groups)),
    ]
