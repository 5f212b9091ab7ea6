"""Write a UFED report of a stated size, to measure its reader with: benign text, no person in it.

usage: python bench/ufed_report.py MESSAGES FILE [--files N]

The models carry the fields that Physical Analyzer 7 writes, empty ones included, so that a message
takes as many bytes as in a real report (some 4 KB). Ten thousand messages make a chat.
"""

from __future__ import annotations

import argparse
import hashlib
import uuid
from pathlib import Path
from typing import TextIO

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<project id="b" name="bench" reportVersion="5.2.0.0" '
    'xmlns="http://pa.cellebrite.com/report/2.0">\n'
)
_IN_CHAT = 10_000
_PEOPLE = 135
_WITH_FILE = 10


def field(name: str, value: str = "", kind: str = "String") -> str:
    """One field, empty or not."""
    inner = f'<value type="{kind}"><![CDATA[{value}]]></value>' if value else "<empty />"
    return f'    <field name="{name}" type="{kind}">\n      {inner}\n    </field>\n'


def model(kind: str, number: int, inner: str, more: str = "") -> str:
    """One model with its attributes."""
    name = uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}{number}")
    return (
        f'  <model type="{kind}" id="{name}" deleted_state="Intact" decoding_confidence="High" '
        f'isrelated="False" source_index="{number}" extractionId="0"{more}>\n{inner}  </model>\n'
    )


def party(number: int, role: str = "") -> str:
    """A party of a message or chat."""
    told = field("Identifier", f"346000{number:05}@s.whatsapp.net") + field(
        "Name", f"Loaf {number}"
    )
    told += field("Role", role, "PartyRole") if role else ""
    told += field("IsPhoneOwner", str(number == 0), "Boolean")
    return model("Party", number, told + field("IsGroupAdmin", "False", "Boolean"))


def message(number: int) -> str:
    """A message of the kind that most are, one in ten with a file."""
    stamp = f"2024-03-{number // 100_000 % 28 + 1:02}T{number // 3600 % 24:02}"
    stamp += f":{number // 60 % 60:02}:{number % 60:02}.000+00:00"
    inner = field("UserMapping", "Decoding", "DecodingSourceOptions") + field("Source", "WhatsApp")
    inner += field("ServiceIdentifier")
    inner += f'    <modelField name="From" type="Party">\n{party(number % _PEOPLE, "From")}'
    inner += '    </modelField>\n    <multiModelField name="To" type="Party" />\n'
    inner += field("Body", f"message {number} about bread, rolls and what flour to take for them")
    inner += field("Identifier", hashlib.md5(b"%d" % number).hexdigest().upper())
    inner += field("TimeStamp", stamp, "TimeStamp")
    inner += '    <multiModelField name="Attachments" type="Attachment">\n'
    if number % _WITH_FILE == 0:
        file = uuid.uuid5(uuid.NAMESPACE_OID, f"file{number}")
        told = field("Filename", f"IMG-{number}.jpg") + field("ContentType", "image/jpeg")
        inner += model("Attachment", number, told, f' file_id="{file}"')
    inner += "    </multiModelField>\n" + field("Status", "Read", "MessageStatus")
    inner += '    <multiModelField name="SharedContacts" type="Contact" />\n'
    inner += field("Platform", "Mobile", "Platform") + field("Type", "AppMessage", "Type")
    inner += field("IsLocationSharing", "", "Boolean")
    inner += '    <multiModelField name="EmbeddedInstantMessage" type="InstantMessage" />\n'
    return model("InstantMessage", number, inner + field("SourceApplication", "WhatsApp"))


def write(out: TextIO, messages: int, files: int) -> None:
    """Write a report: its files first, then its chats."""
    out.write(_HEAD + "<taggedFiles>\n")
    for number in range(0, max(messages, files * _WITH_FILE), _WITH_FILE):
        name = uuid.uuid5(uuid.NAMESPACE_OID, f"file{number}")
        digest = hashlib.md5(b"f%d" % number).hexdigest()
        out.write(
            f'<file fs="phone" path="/sdcard/IMG-{number}.jpg" size="1024" id="{name}" '
            f'extractionId="0" deleted="Intact"><metadata section="File"><item name="Local Path">'
            f'<![CDATA[files\\Image\\IMG-{number}.jpg]]></item><item name="MD5">{digest}</item>'
            "</metadata></file>\n"
        )
    out.write('</taggedFiles>\n<decodedData>\n<modelType type="Chat">\n')
    for first in range(0, messages, _IN_CHAT):
        group = f"34600000000-{1_500_000_000 + first}@g.us"
        inner = field("Source", "WhatsApp") + field("Id", group) + field("Name", f"Rolls {first}")
        inner += '<multiModelField name="Participants" type="Party">\n'
        inner += "".join(map(party, range(_PEOPLE))) + "</multiModelField>\n"
        start, _, end = model("Chat", first, f"{inner}|").partition("|")
        out.write(f'{start}<multiModelField name="Messages" type="InstantMessage">\n')
        for number in range(first, min(first + _IN_CHAT, messages)):
            out.write(message(number))
        out.write(f"</multiModelField>\n{end}")
    out.write("</modelType>\n</decodedData>\n</project>\n")


def report(path: Path, messages: int) -> None:
    """Write a report to a file."""
    with path.open("w", encoding="utf-8") as out:
        write(out, messages, 0)


def main() -> None:
    """Write one report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("messages", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--files", type=int, default=0, help="list at least so many files")
    asked = parser.parse_args()
    with asked.file.open("w", encoding="utf-8") as out:
        write(out, asked.messages, asked.files)


if __name__ == "__main__":
    main()
