"""A VICS file of many records added to a case, and pictures put into clusters.

usage: python bench/hashsets.py [THOUSAND_RECORDS] [THOUSAND_PICTURES] [DIFFERING]

The file is generated: 1 record in 1,000 is broken, 1 in 3 has a fingerprint. The pictures are of
one third as many originals, some copied often and most not at all; of the copies the share
DIFFERING (0.08 if left out, which leaves 139 of 360 different) is some bits away or turned, and
the rest have the same fingerprint. What comes out is compared with what was put in. Processor and
wall seconds, and the peak of the memory, which a child measures for each part by itself.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from clew.casefile import create_case
from clew.findings.hashsets import Source, add
from clew.findings.perceptual.clusters import Pictures, clusters
from clew.records import SetKind

CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"


def write_vics(file: Path, records: int) -> None:
    chance = np.random.default_rng(1)
    with file.open("w") as out:
        out.write(f'{{"@odata.context": "{CONTEXT}", "value": [\n')
        for n in range(records):
            digests = chance.bytes(68).hex()
            record = {
                "MediaID": n, "Category": n % 6, "MD5": digests[:32].upper(),
                "SHA1": digests[32:72].upper(), "MediaSize": 1000 + n, "MimeType": "image/jpeg",
                "IsDistributed": "true", "VictimIdentified": "false", "Series": f"Synthetic {n}",
                "DateUpdated": "/Date(1478000000000)/", "Tags": "one, two",
                "MediaFiles": [{"MD5": digests[:32], "FileName": f"a{n}.jpg",
                                "FilePath": f"\\DCIM\\{n}", "Unallocated": False}],
            }  # fmt: skip
            if n % 3 == 0:
                record["AlternativeHashes"] = [
                    {"HashName": "PDQ", "HashValue": digests[72:136]},
                ]
            text = json.dumps(record)
            text = text.replace('"true"', '"true""') if n % 1000 == 7 else text
            out.write(text + (",\n" if n < records - 1 else "\n]}"))


def adding(records: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "set.json"
        write_vics(file, records)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with create_case(Path(folder) / "case", "bench", "bench") as case:
            wall, began = time.perf_counter(), time.process_time()
            added = add(case, file, Source(name="s", version="1", kind=SetKind.KNOWN))
            spent, wall = time.process_time() - began, time.perf_counter() - wall
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        size = file.stat().st_size
    assert added.records + added.rejected == records, (added.records, added.rejected)
    print(f"VICS of {records:,} records ({size / 1e6:.0f} MB): {spent:.1f} s of processor, "
          f"{wall:.1f} s wall; {added.rejected:,} broken ones kept; peak memory "
          f"{peak / 1024:.0f} MB ({before / 1024:.0f} MB before)")  # fmt: skip


def clustering(pictures: int, differing: float) -> None:
    chance = np.random.default_rng(2)
    originals = pictures // 3
    weights = 1 / np.arange(1, originals + 1) ** 0.7
    extra = chance.choice(originals, pictures - originals, p=weights / weights.sum())
    truth = np.concatenate([np.arange(originals), extra])
    turned = chance.integers(0, 256, (originals, 8, 32), dtype=np.uint8)[truth]
    for n in np.nonzero(chance.random(pictures) < differing)[0]:
        if n < originals:
            continue
        bits = np.zeros(256, np.uint8)
        bits[chance.choice(256, chance.integers(0, 15), replace=False)] = 1
        turned[n] ^= np.packbits(bits)
        if n % 5 == 0:
            turned[n, [0, 4]] = turned[n, [4, 0]]
    order = chance.permutation(pictures)
    turned, truth = turned[order], truth[order]
    began = time.process_time()
    _, firsts, group = np.unique(turned[:, 0].copy().view("V32").ravel(), return_index=True,
                                 return_inverse=True)  # fmt: skip
    label = np.empty(len(firsts), np.int64)
    count = 0
    for representative, members, _ in clusters(Pictures(turned[firsts], np.arange(len(firsts)))):
        label[members] = representative
        count += 1
    found = label[group]
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    right = len(np.unique(np.stack([found, truth]), axis=1).T) == originals == count
    print(f"{pictures:,} pictures of {originals:,} originals, {len(firsts):,} different: "
          f"{count:,} clusters, right: {right}, "
          f"{spent:.1f} s of processor, peak memory {peak:.0f} MB")  # fmt: skip


def main() -> None:
    given = sys.argv[1:] + ["1000", "360", "0.08"][len(sys.argv[1:]) :]
    records, pictures = (int(a) * 1000 for a in given[:2])
    for part, sizes in ((adding, (records,)), (clustering, (pictures, float(given[2])))):
        child = multiprocessing.get_context("spawn").Process(target=part, args=sizes)
        child.start()
        child.join()


if __name__ == "__main__":
    main()
