"""Small files of the shapes that providers, services and apps give: generated, and benign."""

from __future__ import annotations

import json
import plistlib

WHO, WHEN = "ada", "2024-03-01T10:00:00Z"


def page(*words: str) -> str:
    return f"<html><body>{''.join(f'<div>{word}</div>' for word in words)}</body></html>"


CHATS: dict[str, tuple[str, str]] = {
    "kik/content/chat_sent.csv": (
        "msg_id,sender_jid,receiver_jid,timestamp,ip\n1,a_1,b_2,1700000000000,192.0.2.1\n", "Kik"),
    "kik/data-text": (
        "timestamp,sender id,receiver id,message,ip,port\n1,a,b,bread,192.0.2.1,5\n2,a,b,c,d,e\n",
        "Kik"),
    "snap/conversations.csv": (
        ("timestamp: when it was sent\n===\ncontent_type,conversation_id,sender_user_id,"
         "message_type,sender_username,recipient_username,text\n" + "A,B,C,D,ada,bo,x\n" * 2),
        "Snapchat"),
    "snap/json/chat_history": (
        json.dumps({"bo": [{"From": WHO, "Media Type": "TEXT", "Created": WHEN, "Text": "x"}]}),
        "Snapchat"),
    "meta/records.html": (
        page("Service", "Facebook", "Target", "Account Identifier", "Generated", "Unified Messages",
             "Thread (1)", "Author ada"), "Meta"),
    "meta/index.bin": (page("Meta Platforms Business Record", "Photos"), "Meta"),
    "discord/messages/c1/messages.json": (
        json.dumps([{"ID": 1, "Timestamp": WHEN, "Contents": "bread", "Attachments": ""}]),
        "Discord"),
    "discord/messages.csv": ("ID,Timestamp,Contents,Attachments\n1,2024,bread,\n", "Discord"),
    "discord/cache/f_1": (
        json.dumps([{"id": "1", "content": "x", "channel_id": "2", "author": {"id": "3"},
                     "attachments": [], "timestamp": WHEN}]), "Discord"),
    "Takeout/Google Chat/messages.json": (
        json.dumps({"messages": [{"creator": {"name": WHO, "email": "a@example.org",
                    "user_type": "Human"}, "created_date": WHEN, "text": "x", "topic_id": "t"}]}),
        "Google Chat"),
    "Takeout/Voice/ada.html": (
        '<html><body><div class="hChatLog hfeed"><div class="message">x</div></div></body></html>',
        "Google Voice"),
    "tiktok/user_data": (
        json.dumps({"Direct Messages": {"Chat History": {"ChatHistory": {"Chat History with bo:": [
            {"Date": WHEN, "From": WHO, "Content": "x"}]}}}}), "TikTok"),
    "tip/report.json": (
        json.dumps({"reportId": 7, "incidentSummary": {"incidentType": "x"}, "reporter": {},
                    "personOrUserReported": {"espIdentifier": WHO}}), "CyberTipline"),
    "tip/report.xml": (
        ('<?xml version="1.0"?><report><incidentSummary><incidentType>x</incidentType>'
        "</incidentSummary><internetDetails/><reporter/></report>"), "CyberTipline"),
    "x/direct-messages.dat": (
        ('window.YTD.direct_messages.part0 = [{"dmConversation": {"conversationId": "1-2", '
        '"messages": [{"messageCreate": {"recipientId": "2", "senderId": "1", "text": "x"}}]}}]'),
        "X (Twitter)"),
    "slack/general/2024-03-01.json": (
        json.dumps([{"user": "U1", "type": "message", "ts": "1.2", "text": "x"}]), "Slack"),
    "skype/messages": (
        json.dumps({"userId": "8:ada", "exportDate": WHEN, "conversations": [
            {"id": "8:bo", "MessageList": [{"from": "8:bo", "content": "x"}]}]}), "Skype"),
    "android/000000_sms_backup": (
        json.dumps([{"address": "1", "body": "x", "date": "1", "date_sent": "1"}]), "SMS"),
    "mail/inbox": (
        "From ada@example.org Fri Mar  1 10:00:00 2024\nFrom: a\nTo: b\nSubject: x\n\nx\n",
        "mailbox"),
    "unknown/odd.json": (json.dumps({"sender": WHO, "timestamp": 1, "message": "x"}), "messages"),
    "unknown/lines": (
        "\n".join(json.dumps({"author": WHO, "time": n, "text": "x"}) for n in range(4)),
        "messages"),
    "unknown/log.csv": ("sender;time;text\nada;1;x\nbo;2;y\n", "messages"),
}  # fmt: skip
"""Content and a word of the product, by path: files of chats."""

PRODUCTS: dict[str, tuple[str, str]] = {
    "snap/ip_data.csv": ("ip,timestamp,first_seen_time,last_seen_time\n192.0.2.1,1,2,3\n", "Snap"),
    "kik/binds.csv": ("user_jid,timestamp,ip,remote_port\na_1,1,192.0.2.1,5\n", "Kik"),
    "meta/ads.json": (json.dumps({"label_values": [], "fbid": "1"}), "Facebook"),
    "Takeout/Records.json": (
        json.dumps({"locations": [{"latitudeE7": 1, "longitudeE7": 2}]}),
        "locations",
    ),
    "contacts.dat": ("BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEND:VCARD\n", "vCard"),
    "slack/users.json": (
        json.dumps([{"id": "U1", "team_id": "T", "real_name": WHO, "profile": {}}]),
        "Slack",
    ),
}
"""The same of files that are no chats."""

OTHERS: dict[str, tuple[bytes, str]] = {
    "settings.json": (b'{"theme": "dark", "size": 3}', "json"),
    "a/b/c": (b'{"theme": "dark"}\n{"theme": "light"}\n', "json-lines"),
    "layout.xml": (b"<layout><box width='3'/></layout>", "xml"),
    "prefs.plist": (plistlib.dumps({"Theme": "dark"}), "plist"),
    "prefs.bin": (plistlib.dumps({"Theme": "dark"}, fmt=plistlib.FMT_BINARY), "binary-plist"),
    "table.html": (b"<html><table><tr><th>Flour</th><th>Water</th></tr></table></html>",
                   "html-table"),
    "flour.csv": (b"flour;water;salt\n500;350;10\n", "csv"),
    "flour": (b"flour\twater\tsalt\n500\t350\t10\n600\t420\t12\n", "tsv"),
    "db/CURRENT": (b"MANIFEST-000001\n", "leveldb"),
    "db/000005.ldb": (bytes(64) + bytes.fromhex("57fb808b247547db"), "leveldb"),
    "db/MANIFEST-000001": (bytes(7) + b"\x01\x1aleveldb.BytewiseComparator\x02\x00", "leveldb"),
    "account.pb": (b"\x0a\x05bread\x12\x05flour\x18\x07\x22\x04salt", "protobuf"),
    "broken.json": (b"{'theme': 'dark'}", "json"),
    "dump.sql": (b"CREATE TABLE loaf (id);\nINSERT INTO loaf VALUES (1);\n", "sql"),
    "settings.yml": (b"theme: dark\nsize: 3\n", "yaml"),
    "niño.csv": ("año;niño\n1;2\n".encode("latin-1"), "csv"),
    "default.realm": (bytes(16) + b"T-DB" + bytes(12), "realm"),
    "notes": (b"Flour, water, salt.\n", "text"),
    "a3f9": (bytes(range(256)) * 4, "binary"),
}  # fmt: skip
"""Content and kind, by path, of what nothing is known of."""
