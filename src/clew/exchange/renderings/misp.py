"""A MISP event with objects of its templates, for the sender's organisation only.

References:
    - MISP/misp-objects (CC0-1.0 OR BSD-2-Clause): templates person, user-account, file,
      instant-message-group, forensic-case, forensic-evidence, each with its UUID and version
    - MISP/misp-taxonomies: tlp

"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from clew.exchange import referral as r
from clew.exchange.renderings import common

NAME = "misp/event.json"
_TEMPLATES = {
    "person": ("a15b0477-e9d1-4b9c-9546-abe78a4f4248", 21, "misc"),
    "user-account": ("49606b06-22f0-4ac8-8eee-2f12ad46f3d3", 6, "misc"),
    "file": ("688c46fb-5edb-40a3-8273-1af7923e2215", 23, "file"),
    "instant-message-group": ("e26becca-2149-4bc0-b3fb-7090d43af28f", 2, "misc"),
    "forensic-case": ("3ea36022-ae93-455e-88b1-d43aca789cac", 1, "misc"),
    "forensic-evidence": ("fe44c648-63ef-43fc-b3de-af71a2e023e4", 2, "misc"),
}
"""UUID and version of each template, and its category."""
_TYPES = {
    "alias": "text", "phone-number": "phone-number", "md5": "md5", "sha1": "sha1",
    "sha256": "sha256", "mimetype": "mime-type", "size-in-bytes": "size-in-bytes",
    "full-name": "full-name", "nationality": "nationality",
}  # fmt: skip
"""Types of attributes that are not plain text."""
_HASHES = {"md5", "sha1", "sha256"}


def render(referral: r.Referral) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The one member."""
    yield NAME, _text(referral)


def _text(referral: r.Referral) -> Iterator[bytes]:
    event = _Event(referral)
    begin = b'{"Event":' + msgspec.json.encode(event.head())[:-1] + b',"Object":['
    return common.listed(begin, event.objects(), b"]}}\n")


class _Event(common.Rendering):
    def __init__(self, referral: r.Referral) -> None:
        super().__init__(referral)
        self.inside: dict[str, list[str]] = {}
        for member in referral.facts.memberships:
            self.inside.setdefault(member.chat_id, []).append(member.account_id)

    def head(self) -> dict[str, Any]:
        """The event, which MISP gives to nobody else by itself: distribution 0, not published."""
        referral = self.referral
        tags = [referral.marking.tlp.value.lower()]
        tags += [f'clew:handling-code="{code}"' for code in referral.marking.handling]
        return {
            "uuid": self.id("misp event", referral.package_id),
            "info": f"Referral {referral.case_reference} of {referral.sender.name}",
            "date": referral.made_at.date().isoformat(),
            "timestamp": str(int(referral.made_at.timestamp())),
            "threat_level_id": "4", "analysis": "0", "distribution": "0", "published": False,
            "Orgc": {"name": referral.sender.name,
                     "uuid": self.id("misp org", referral.sender.partner_id)},
            "Tag": [{"name": tag} for tag in tags],
        }  # fmt: skip

    def made(self, template: str, name: str, said: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        """An object of a template, with the attributes that have a value."""
        uuid, version, category = _TEMPLATES[template]
        key = f"{template}\n{name}"
        attributes = [
            {
                "uuid": self.id("misp attribute", f"{key}\n{number}"),
                "object_relation": relation, "type": _TYPES.get(relation, "text"),
                "category": "Payload delivery" if relation in _HASHES else "Other",
                "value": str(value), "to_ids": False, "distribution": "0",
                "disable_correlation": relation not in _HASHES | {"phone-number", "user-id"},
                "comment": self.handling,
            }
            for number, (relation, value) in enumerate(said)
            if value is not None
        ]  # fmt: skip
        return {
            "uuid": self.id("misp object", key), "name": template, "meta-category": category,
            "template_uuid": uuid, "template_version": str(version), "distribution": "0",
            "comment": self.handling, "Attribute": attributes,
        }  # fmt: skip

    def objects(self) -> Iterator[dict[str, Any]]:
        """Every object, the case with what applies to all of it first."""
        referral, facts = self.referral, self.referral.facts
        yield self.case()
        yield from map(self.exhibit, facts.exhibits)
        yield from map(self.person, referral.assessments.persons)
        yield from map(self.account, facts.accounts)
        yield from map(self.group, facts.groups)
        yield from map(self.file, facts.files)

    def case(self) -> dict[str, Any]:
        said = "\n".join(common.header(self.referral))
        number = self.referral.case_reference
        given = [("case-number", number), ("case-name", self.referral.purpose)]
        given.append(("additional-comments", said))
        return self.made("forensic-case", number, given)

    def exhibit(self, one: r.Exhibit) -> dict[str, Any]:
        said = f"SHA-256 of its content: {one.content_sha256}"
        number = self.referral.case_reference
        given = [
            ("case-number", number),
            ("evidence-number", one.exhibit_id),
            ("name", one.label),
            ("type", one.kind),
            ("additional-comments", said),
        ]
        return self.made("forensic-evidence", one.exhibit_id, given)

    def person(self, one: r.Person) -> dict[str, Any]:
        parts = [common.WORDS[one.category], self.named_by(one), common.PRESUMPTION]
        given = [
            ("handle", one.person_id),
            *(("alias", name) for name in one.names),
            ("phone-number", one.e164),
            ("text", "; ".join(parts)),
            *(("instant-messaging-used", tie.account_id) for tie in one.accounts),
        ]
        return self.made("person", one.person_id, given)

    def account(self, one: r.Account) -> dict[str, Any]:
        name = one.names[0].name if one.names else None
        read = "; ".join(common.readings(one.proof))
        given = [("account-type", one.platform), ("user-id", one.account_id),
                 ("display-name", name), ("description", read)]  # fmt: skip
        return self.made("user-account", one.account_id, given)

    def group(self, one: r.Group) -> dict[str, Any]:
        given = [
            ("group-name", one.subject or one.chat_id),
            ("group-alias", one.chat_id),
            ("group-alias", common.group_words(one)),
            ("app-used", one.platform),
            *(("username", account) for account in self.inside.get(one.chat_id, ())),
        ]
        return self.made("instant-message-group", one.chat_id, given)

    def file(self, one: r.File) -> dict[str, Any]:
        given = [
            ("md5", one.md5),
            ("sha1", one.sha1),
            ("sha256", one.sha256),
            ("size-in-bytes", one.size),
            ("mimetype", one.media_type),
            ("text", common.file_words(one)),
        ]
        return self.made("file", one.sha256, given)
