"""Who was first, over simulated seizures: fits and checks ``introduction_model.toml``.

usage: python bench/seizures.py SEED... --check SEED... --coverage 0.1 0.2 0.4

The generator's operations are seized at each coverage without writing a file: what each phone kept
is drawn as ``demo/retained.py`` draws it, accounts are tied as often as the product ties them, and
clocks are right. That takes half a minute for an operation where databases take ten. It prints the
declared figures fitted on the first seeds, and how answers fare on the seeds to check.
"""

from __future__ import annotations

import argparse
import itertools
from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec
import numpy as np
from calibration import scored

from clew.demo.accounts import Accounts
from clew.demo.cascades import Cascades
from clew.demo.groups import Groups
from clew.demo.parameters import Parameters
from clew.demo.people import give_parts
from clew.demo.seizure import search_homes
from clew.findings.exposure import Exposure, First
from clew.findings.introduction_model import FIGURES, Model, declared, figures_of
from clew.findings.introductions import origins
from clew.findings.logistic import Prior, fitted, log_odds
from clew.findings.unseen import Unseen

_DAY = 86_400_000_000
_TIED, _HIDDEN_TIED = (0.3, 1.5), 0.45
"""Odds that an account is tied to its person: at no coverage, and more for each unit of it."""


class Seizure:
    """What the phones of the homes that were searched show of an operation."""

    def __init__(self, parameters: Parameters, groups: Groups, cascades: Cascades) -> None:
        self.cascades, self.coverage = cascades, parameters.coverage
        self.name = f"{parameters.seed}-{parameters.coverage}"
        groups.parameters = parameters
        self._groups, self._chance = groups, Random(self.name)
        devices = [d for d in search_homes(groups, Random(self.name)) if d.is_phone]
        self._person = self._persons({d.holder for d in devices}, parameters.coverage)
        holders = defaultdict(list)
        for device in devices:
            holders[f"p{device.holder}"].append(device.exhibit_id)
        self._holders = [{"person_id": p, "is_owner_of": own} for p, own in holders.items()]
        self._members: list[dict[str, Any]] = []
        self._records: list[dict[str, Any]] = []
        self._witnesses: dict[int, list[str]] = defaultdict(list)
        for device in devices:
            if not device.text_only:
                self._keep(device)

    def _persons(self, holders: set[int], coverage: float) -> dict[int, str]:
        people = self._groups.accounts.people
        often = _TIED[0] + _TIED[1] * coverage
        return {
            a.number: f"p{a.person}"
            if a.person in holders
            or a.number == people[a.person].accounts[0]
            or self._chance.random() < (_HIDDEN_TIED if a.alias_of is not None else often)
            else f"a{a.number}"
            for a in self._groups.accounts.all
        }

    def _keep(self, device: Any) -> None:
        parameters, own = self._groups.parameters, set(device.accounts)
        until: dict[int | None, float] = {None: device.seized}
        for group, since in device.since.items():
            members = self._groups.of_group[group]
            if self._groups.all[group].telegram:
                continue
            until[group] = min(device.seized, max(m.until for m in members if m.account in own))
            begins = int((since + self._chance.expovariate(1)) * _DAY)
            self._records.append(
                {"exhibit_id": device.exhibit_id, "chat_id": str(group), "begins_us": begins}
            )
            ends = min(self._groups.all[group].until, device.seized)
            self._members += [
                {"person_id": self._person[m.account], "chat_id": str(group),
                 "exhibit_id": device.exhibit_id, "joined_us": int(m.since * _DAY),
                 "ended_us": int(m.until * _DAY) if m.until < ends else None}
                for m in members if m.since <= device.seized and m.until >= since
            ]  # fmt: skip
        for number, share in enumerate(self.cascades.shares):
            mine = share.account in own
            here = mine or share.to == device.holder if share.group is None else (
                share.group in until and device.since[share.group] <= share.at
            )  # fmt: skip
            lost = parameters.lost_rows + parameters.deleted_for_all * (
                1 if mine else 1 - parameters.deletion_missed
            )
            if here and share.at < until[share.group] and self._chance.random() >= lost:
                self._witnesses[number].append(device.exhibit_id)

    def shares(self) -> list[dict[str, Any]]:
        """Shares that somebody's device shows, in the order of contents and times."""
        missed, cluster = Random(5), {}
        rows = []
        for number in sorted(self._witnesses):
            share = self.cascades.shares[number]
            if share.variant not in cluster:
                alone = share.generation > 0 and missed.random() > 0.95
                cluster[share.variant] = f"v{share.variant}" if alone else f"c{share.content}"
            rows.append({
                "cluster_id": cluster[share.variant], "person_id": self._person[share.account],
                "at_us": int(share.at * _DAY), "chat_id": str(share.group), "event_id": number,
                "forwarded": int(share.hops > 0), "hops": min(share.hops, 5),
                "witnesses": self._witnesses[number], "private": share.group is None,
                "known": self.cascades.contents[share.content].known,
            })  # fmt: skip
        return sorted(rows, key=lambda r: (r["cluster_id"], r["at_us"], r["event_id"]))

    def firsts(self) -> tuple[list[First], Unseen]:
        """Each person's first share of each content, and what is unseen."""
        shares = self.shares()
        exposure = Exposure(self._members, self._records, self._holders)
        founded: dict[str, float] = {}
        for row in self._members:
            founded[row["chat_id"]] = min(founded.get(row["chat_id"], np.inf), row["joined_us"])
        groups = itertools.groupby(shares, key=lambda s: s["cluster_id"])
        found = [first for _, group in groups for first in exposure.firsts(list(group))]
        return found, Unseen(map(exposure.witnesses, shares), founded.values())

    def introduced(self) -> set[int]:
        """Shares by which somebody brought a content in."""
        first: dict[int, int] = {}
        for number, share in enumerate(self.cascades.shares):
            if (
                share.variant not in first
                or share.at < self.cascades.shares[first[share.variant]].at
            ):
                first[share.variant] = number
        shares = self.cascades.shares
        return {n for n in first.values() if not (shares[n].generation or shares[n].hops)}


def seizures(seed: int, coverages: list[float]) -> Iterator[Seizure]:
    """An operation, seized at each coverage."""
    parameters, chance = Parameters(seed=seed), Random(seed)
    accounts = Accounts(parameters, chance)
    give_parts(accounts.people, parameters, chance)
    groups = Groups(accounts, chance)
    cascades = Cascades(groups, chance)
    for coverage in coverages:
        yield Seizure(msgspec.structs.replace(parameters, coverage=coverage), groups, cascades)


def fit(found: list[Seizure]) -> None:
    """Print the coefficients of an introduction, and those of being the first of all."""
    figures, labels, weights = [], [], []
    terms, true, counted = [], [], []
    for seizure in found:
        firsts, unseen = seizure.firsts()
        shares, brought = seizure.cascades.shares, seizure.introduced()
        pairs = {(shares[n].content, shares[n].person) for n in brought}
        sent = [shares[f.share["event_id"]] for f in firsts]
        apart = np.array([not f.holder for f in firsts])
        figures.append(figures_of(firsts)[apart])
        labels.append(np.array([(s.content, s.person) in pairs for s in sent])[apart])
        weights.append(np.full(apart.sum(), 1e4 / apart.sum()))
        model = Model.learned(firsts, unseen)
        if model is None:
            continue
        chances = model.chances(firsts)
        use = [n for n, f in enumerate(firsts) if f.rank == 0 and not f.share["forwarded"]]
        earliest = [firsts[n] for n in use]
        sure = model.first(earliest, chances[use])
        terms.append(np.column_stack([log_odds(chances[use]), np.log(sure.unseen),
                                      np.log([f.sharers for f in earliest])]))  # fmt: skip
        introducers = seizure.cascades.contents
        true.append(np.array([introducers[sent[n].content].introduced_by == sent[n].person
                              for n in use]))  # fmt: skip
        counted.append(np.full(len(use), 1e4 / len(use)))
    drawn, weight = np.vstack(figures), np.concatenate(weights)
    spread = np.sqrt(np.average((drawn - np.average(drawn, 0, weight)) ** 2, 0, weight))
    for names, of, right, by in (
        (("start", *FIGURES), drawn, labels, weight),
        (("start", "introduced", "unseen", "sharers"), np.vstack(terms), true,
         np.concatenate(counted)),
    ):  # fmt: skip
        size = of.shape[1]
        prior = Prior(np.zeros(size + 1), np.concatenate([[0.0], np.full(size, 0.01)]))
        found_by = fitted(of, np.concatenate(right).astype(np.float64), prior, by)
        print(*(f"{n} = {c:.4f}" for n, c in zip(names, found_by, strict=True)), sep="\n")
    print(*(f"spread of {n}: {s:.4f}" for n, s in zip(FIGURES, spread, strict=True)), sep="\n")


def figures(seizure: Seizure) -> Iterator[tuple[str, float, str]]:
    """How the declared figures fare."""
    firsts, unseen = seizure.firsts()
    model = Model.learned(firsts, unseen)
    if model is None:
        return
    chances, shares = model.chances(firsts), seizure.cascades.shares
    pairs = {(shares[n].content, shares[n].person) for n in seizure.introduced()}
    sent = [shares[f.share["event_id"]] for f in firsts]
    apart = np.array([not f.holder for f in firsts])
    right = np.array([(s.content, s.person) in pairs for s in sent])
    for name, value, better in scored(chances[apart], right[apart]):
        yield f"introductions, {name}", value, better
    found = list(
        origins(model, [msgspec.structs.replace(f, share=_named(f)) for f in firsts], chances)
    )
    person = [seizure.cascades.contents[shares[int(o.event_id)].content].introduced_by
              == shares[int(o.event_id)].person for o in found]  # fmt: skip
    for least, of in ((2, ""), (1, ", of one sharer too")):
        use = np.array([o.sharers >= least for o in found])
        answered = np.array([o.answered for o in found]) & use
        true = np.array(person)
        yield f"answered{of}", float(answered.sum() / use.sum()), "more"
        if answered.any():
            yield f"right where answered{of}", float(true[answered].mean()), "more"
        yield f"earliest, right{of}", float(true[use].mean()), "more"


def check(seizure: Seizure) -> None:
    """Print how the declared figures fare."""
    for name, value, _ in figures(seizure):
        print(f"{seizure.name:10} {name:40} {value:.3f}")


def _named(first: First) -> dict[str, Any]:
    return first.share | {"event_id": str(first.share["event_id"])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=int, nargs="*")
    parser.add_argument("--check", type=int, nargs="*", default=[])
    parser.add_argument("--coverage", type=float, nargs="+", default=[0.1, 0.2, 0.4])
    told = parser.parse_args()
    print("declared on:", declared().counted_on)
    if told.seeds:
        fit([one for seed in told.seeds for one in seizures(seed, told.coverage)])
    for seed in told.check:
        for seizure in seizures(seed, told.coverage):
            check(seizure)


if __name__ == "__main__":
    main()
