"""What happens in the split operation, from the cases of the countries to the law's score."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from clew.casefile import Case, create_case, open_case
from clew.casefile.engine import Progress
from clew.demo.generate import Operation
from clew.demo.intake import take_exhibits
from clew.demo.score import Score
from clew.demo.split import law20, numbers, sending
from clew.demo.split.agencies import COORDINATOR, Agency, agency, introduce
from clew.demo.split.law20 import Merged
from clew.demo.split.numbers import Found
from clew.demo.split.sending import Sent
from clew.errors import UsageError
from clew.exchange.receiving.delivering import deliver

AUTHORITY = "Demonstration: generated, benign data; no authority is needed"


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, and how it came out."""

    exhibits: dict[str, int]
    """Of each country."""
    sent: tuple[Sent, ...]
    """Every package, in the order in which they were sealed."""
    void: tuple[str, ...]
    """Packages that their sender took back, or that a later one replaced."""
    tables: tuple[Merged, ...]
    found: Found | None
    scores: tuple[Score, ...]


class Split:
    """The operation in the hands of its countries."""

    def __init__(
        self, folder: Path, operation: Operation, run: Callable[[Case], None], progress: Progress,
        workers: int | None = None,
    ) -> None:  # fmt: skip
        self.folder, self._operation = folder, operation
        self._run, self._progress, self._workers = run, progress, workers
        self._parts: dict[str, Operation] = {}
        for one in operation.exhibits:
            country = one.about["country"]
            before = self._parts[country].exhibits if country in self._parts else ()
            self._parts[country] = msgspec.structs.replace(operation, exhibits=(*before, one))
        if len(self._parts) < 2:
            raise UsageError(
                "all exhibits are of one country, so that there is nothing to exchange",
                do="Choose another --seed, or a larger --coverage.",
            )
        self.agencies = {c: agency(folder / "countries" / c, c, c) for c in sorted(self._parts)}
        self.coordinator = agency(folder / "coordinator", COORDINATOR, None)
        for carrier in ("packages", "law-20/packages"):
            (folder / carrier).mkdir(parents=True)
        self._sent: list[Sent] = []
        self._void: list[str] = []
        self._left = 0

    def play(self, whole: Path) -> Played:
        """Do all of it; ``whole`` is the case of the undivided operation."""
        for own in self.agencies.values():
            self._case_of(own)
        self._exchange()
        found = self._deconflict()
        tables, scores = self._law20(whole)
        if found:
            scores += _hits(found)
        return Played(
            exhibits={c: len(part.exhibits) for c, part in sorted(self._parts.items())},
            sent=tuple(self._sent), void=tuple(self._void), tables=tuple(tables), found=found,
            scores=tuple(scores),
        )  # fmt: skip

    def _case_of(self, own: Agency) -> None:
        """The case of a country, from its own exhibits."""
        others = [*(a for a in self.agencies.values() if a.id != own.id), self.coordinator]
        with create_case(own.case, f"Part of {own.id}", AUTHORITY) as case:
            take_exhibits(case, self._parts[own.id], self._progress, self._workers)
            self._conclude(case, own.id)
            introduce(case, own, others)

    def _receiving_case(self, folder: Path, title: str) -> None:
        """A case without exhibits that knows every country and the hash sets."""
        with create_case(folder, title, AUTHORITY) as case:
            nothing = msgspec.structs.replace(self._operation, exhibits=())
            take_exhibits(case, nothing, self._progress, self._workers)
            introduce(case, self.coordinator, self.agencies.values())

    def _conclude_again(self, own: Agency) -> None:
        """Draw the conclusions of an agency over what it received as well."""
        with open_case(own.case) as case:
            self._conclude(case, own.id)

    def _conclude(self, case: Case, whose: str) -> None:
        self._progress.start(f"case of {whose}", 1)
        with case.writing():
            self._run(case)
        self._progress.finish()

    def _send(self, own: Agency, to: Agency, supersedes: str | None = None) -> Sent:
        self._progress.start(f"package of {own.id} to {to.id}", 1)
        with open_case(own.case) as case:
            sent = sending.send(case, own, to, self.folder / "packages", supersedes)
        self._sent.append(sent)
        self._progress.finish()
        return sent

    def _take(self, receiver: Agency, folder: Path, package: Path) -> int | None:
        """Receive a package; how many rows a recall took out."""
        with open_case(folder) as case, case.writing():
            return deliver(case, package, receiver.opener).recalled

    def _exchange(self) -> None:
        """Everybody sends to the coordinator, who concludes; two correct what they sent, after."""
        case, first = self.coordinator.case, {}
        self._receiving_case(case, "What the countries sent")
        for name, own in self.agencies.items():
            with open_case(own.case) as opened:
                persons = sending.proposed(opened)
                sending.name(opened, own, persons, self.coordinator)
            if persons:
                first[name] = self._send(own, self.coordinator)
                self._take(self.coordinator, case, first[name].folder)
        if not first:
            raise UsageError(
                "no country has anybody whom the rules propose, so that there is nothing to send",
                do="Choose another --seed, or a larger --coverage.",
            )
        self._conclude_again(self.coordinator)
        corrected = [sent for sent in first.values() if sent.named > 1][:2]
        for sent, recalls in zip(corrected, (True, False), strict=False):
            self._correct(sent, recalls=recalls)
        self._conclude_again(self.coordinator)

    def _correct(self, sent: Sent, *, recalls: bool) -> None:
        """Send again without one person; the earlier package is recalled before, or superseded."""
        own, case = self.agencies[sent.sender], self.coordinator.case
        with open_case(own.case) as opened:
            sending.withdraw(opened, own, sending.proposed(opened)[0], self.coordinator)
            if recalls:
                word = sending.recall(opened, own, sent, self.folder / "packages")
        if recalls:
            self._take(self.coordinator, case, word)
            with open_case(case) as opened:
                self._left += law20.left_of(opened, sent)
        self._void.append(sent.package)
        again = self._send(own, self.coordinator, None if recalls else sent.package)
        self._take(self.coordinator, case, again.folder)

    def _deconflict(self) -> Found | None:
        """Two countries ask; the holder then sends what is asked for in an ordinary request."""
        by_case, asks = {}, {}
        for name, own in self.agencies.items():
            with open_case(own.case) as case:
                by_case[name] = numbers.numbers_proposed(case)
                asks[name] = frozenset(f.text for f in numbers.asked_for(case, name))
        chosen = numbers.pair(by_case, asks)
        if chosen is None:
            return None
        holder, asker = (self.agencies[name] for name in chosen[:2])
        found = numbers.deconflict(holder, asker, self.folder / "deconfliction", self._progress,
                                   of_its_country=chosen[2])  # fmt: skip
        sent = self._send(holder, asker)
        self._take(asker, asker.case, sent.folder)
        self._conclude_again(asker)
        return found

    def _law20(self, whole: Path) -> tuple[list[Merged], list[Score]]:
        """All parts merged, beside the whole case; and what was sent, beside both."""
        parts = self.folder / "law-20"
        self._receiving_case(parts / "case", "All parts")
        for own in self.agencies.values():
            self._progress.start(f"all of {own.id}", 1)
            with open_case(own.case) as case:
                everything = law20.complete(case, own, self.coordinator, parts / "packages")
            self._take(self.coordinator, parts / "case", everything)
            self._progress.finish()
        with open_case(parts / "case") as case:
            self._conclude(case, "all parts")
        with open_case(whole) as case, open_case(parts / "case") as every:
            accepted = law20.accept_offered(case, every, self.coordinator.at_work(every))
        if accepted:
            with open_case(parts / "case") as case:
                self._conclude(case, "all parts")
        count = [one for one in self._sent
                 if one.receiver == COORDINATOR and one.package not in self._void]  # fmt: skip
        silent = [a.case for a in self.agencies.values() if a.id not in {s.sender for s in count}]
        with (
            open_case(whole) as case,
            open_case(parts / "case") as every,
            open_case(self.coordinator.case) as merged,
        ):
            tables = law20.compared(case, every, merged)
            scores = [*law20.exact(tables, accepted), *law20.added_up(case, merged, count, silent),
                      *law20.explained(case, merged)]  # fmt: skip
        scores.append(Score("rows left of a package that was recalled", 0, self._left))
        return tables, scores


def _hits(found: Found) -> list[Score]:
    return [
        Score("numbers that both have, found without showing any other", found.both, found.hits),
        Score("hits that the holder has indeed", found.hits, found.right),
    ]
