"""A case of a few persons in two countries, as findings, for tests of routes and packages."""

from __future__ import annotations

from datetime import UTC, datetime

from builders.publishing import publish_step

from clew.casefile.custody import keys
from clew.casefile.custody.identity import Analyst
from clew.casefile.step_manifest import WHOLE_CASE
from clew.exchange.markings import Grading, Handling, Marking, Scheme, Tlp
from clew.exchange.routing.decisions import Choice, Signed
from clew.pipeline import perform
from clew.records import (
    Exhibit,
    ExhibitKind,
    Group,
    GroupMember,
    LinkRule,
    MemberState,
    Person,
    PersonAccount,
    PersonCountry,
    PersonRole,
    RecycledNumber,
    Role,
    RouteChoice,
)

SHA = "a" * 64
AT = datetime(2024, 3, 1, tzinfo=UTC)
GROUP, QUIET = "whatsapp:120363000000000001@g.us", "whatsapp:120363000000000002@g.us"
HOLDER, ADMIN, MEMBER, TORN, NOWHERE, AGAIN, ALONE = (
    f"whatsapp:pn:3460011122{n}" for n in range(7)
)
MARKED = Marking(handling=(Handling.H1,), tlp=Tlp.AMBER)
GRADED = Grading(scheme=Scheme.EUROPOL, source="B", information="2")
SEND = Choice(decision=RouteChoice.SEND, marking=MARKED, grading=GRADED)


def person(account: str, **more) -> Person:
    return Person(
        person_id=account, accounts=1, inferred=0, names=(), **({"is_owner_of": ()} | more)
    )


def placed(account: str, country: str | None, *, conflict: bool = False) -> PersonCountry:
    return PersonCountry(
        person_id=account, country=country, confidence=0.4 if country else 0.0, basis=(),
        number_only=bool(country), conflict=conflict,
        other_countries=("IT=0.40",) if conflict else (),
    )  # fmt: skip


def member(account: str, role: Role = Role.MEMBER, group: str = GROUP) -> GroupMember:
    return GroupMember(chat_id=group, person_id=account, role=role, state=MemberState.CURRENT,
                       messages=1, shares=0, exhibits=(), basis=())  # fmt: skip


def shared(account: str, known: int) -> PersonRole:
    return PersonRole(person_id=account, groups=1, admin_of=0, connected_to=1, messages=1,
                      shares=known, known_shares=known, first_shares=0, exhibits=())  # fmt: skip


def group(chat: str, known: int) -> Group:
    return Group(chat_id=chat, platform="whatsapp", chat_type="group", members=5,
                 current_members=5, admins=1, countries=(), messages=9, shares=known,
                 known_shares=known, exhibits=())  # fmt: skip


def exhibit(name: str, country: str) -> Exhibit:
    return Exhibit(exhibit_id=name, kind=ExhibitKind.PHONE, country=country, authority="Order",
                   hash_only=False, content_sha256=SHA)  # fmt: skip


def put(case, *more, devices: tuple[str, ...] = ("ES-01",)) -> None:
    """The case: a holder in ES, an admin in PT, a member, and three whose country is in doubt."""
    publish_step(case, "intake", "ES-01", exhibit("ES-01", "ES"))
    publish_step(case, "intake", "PT-01", exhibit("PT-01", "PT"))
    everybody = (HOLDER, ADMIN, MEMBER, TORN, NOWHERE, AGAIN, ALONE)
    accounts = (
        PersonAccount(person_id=one, account_id=one, rule=LinkRule.ITSELF, score=1, inferred=False)
        for one in everybody
    )
    again = RecycledNumber(
        account_id=AGAIN, next_account_id=ALONE, given_up_at=AT, silent_days=60, again_from=AT,
        later_account_id=f"{AGAIN}#2024-03-01", exhibit_id="ES-01", locator="a/1",
        again_exhibit_id="ES-01", again_locator="a/2",
    )  # fmt: skip
    publish_step(
        case, "resolve", WHOLE_CASE, *accounts, again, person(HOLDER, is_owner_of=devices),
        *(person(one) for one in everybody[1:]),
    )  # fmt: skip
    publish_step(
        case, "countries", WHOLE_CASE, placed(HOLDER, "ES"), placed(ADMIN, "PT"),
        placed(MEMBER, "PT"), placed(TORN, "PT", conflict=True), placed(NOWHERE, None),
        placed(AGAIN, "ES"), placed(ALONE, "ES"),
    )  # fmt: skip
    publish_step(case, "roles", WHOLE_CASE, shared(MEMBER, 49))
    publish_step(
        case, "network", WHOLE_CASE, group(GROUP, 7), group(QUIET, 0), *more,
        *(member(one) for one in (HOLDER, MEMBER)),
        *(member(one, Role.ADMIN) for one in (ADMIN, TORN, NOWHERE, AGAIN)),
    )  # fmt: skip
    perform(case, "routes")


def officer(case, folder, name: str, reason: str = "order 12/26") -> Signed:
    """Let this officer decide from here on, with a key of his own."""
    file = folder / f"{name}.pem"
    if not file.exists():
        keys.make(file, "", open_to_its_owner=True)
    case.custody.analyst = Analyst(name, keys.load(file, name, ""))
    return Signed(name, reason)
