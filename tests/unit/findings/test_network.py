"""Laws of ``clew.findings.network``."""

from __future__ import annotations

from builders.findings import SHA, conclude, message, pn, share, where
from builders.publishing import publish

from clew.findings import network
from clew.records import Chat, ChatType


def test_groups_overlap_alike_with_and_without_scipy(case, monkeypatch) -> None:
    groups = [f"whatsapp:12036300000000000{n}@g.us" for n in range(4)]
    publish(
        case, "ES-01",
        *[Chat(**where("ES-01", n), chat_id=g, platform="whatsapp", chat_type=ChatType.GROUP)
          for n, g in enumerate(groups)],
        *[message("ES-01", n * 10 + one, f"k{n}-{one}", pn(one), chat_id=groups[n])
          for n in range(4) for one in range(n, 6 - n)],
        share("ES-01", 2, "k0-2", pn(2), SHA["b"]),
    )  # fmt: skip
    conclude(case)
    with_scipy = case.rows("FROM group_links ORDER BY ALL")
    monkeypatch.setattr(network.importlib.util, "find_spec", lambda _: None)
    conclude(case)
    assert case.rows("FROM group_links ORDER BY ALL") == with_scipy
    assert [row["shared_members"] for row in with_scipy] == [4, 2, 2]
