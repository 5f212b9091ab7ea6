"""The parent outlives whatever a worker sends."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from itertools import islice

import pytest
from builders import protocol_fuzz
from builders.protocol_fuzz import compressed, crafted, frames

from clew.sandbox import Guard, Limits, WorkerLost

FRAMES, OF_A_WORKER = 100_000, 12
MOST_MIB, MOST_SECONDS = 300, 60


def test_no_frame_ends_or_stops_the_parent() -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "faulthandler", protocol_fuzz.__file__, str(FRAMES), "2017"],
        check=False, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads(ran.stdout)
    assert found["deaths"] == []
    assert sum(found["ends"].values()) == FRAMES
    assert found["longest"] < 5
    assert found["peak_mib"] <= MOST_MIB
    assert found["cpu_seconds"] < MOST_SECONDS
    assert found["ends"]["Batch"] > 100, "mutants must come as far as tables"


def test_what_a_worker_that_was_taken_over_sends_costs_its_task() -> None:
    guard = Guard(Limits(idle_seconds=1.5))
    chance = random.Random(2017)
    sent = chance.sample(crafted(), OF_A_WORKER // 2)
    sent += islice((f for f in frames(chance) if len(f) < 4000), 100, 100 + OF_A_WORKER // 2)
    for frame in sent:
        raw = len(frame).to_bytes(4, "big") + frame
        call = {"hex": raw[:30_000].hex(), "silent": 30}
        with pytest.raises(WorkerLost) as lost:
            list(guard.run("clew.sandbox.probes:speak", call))
        assert lost.value.code in {"worker_protocol", "timeout", "error", "crash:exit_0"}, frame
        assert list(guard.run("clew.sandbox.probes:echo", {"a": 1})) == [{"a": 1}]
    guard.close()


def test_rows_are_never_unpacked() -> None:
    from clew.sandbox.frames import ProtocolError, decode

    with pytest.raises(ProtocolError, match="another form"):
        decode(compressed(100_000))
