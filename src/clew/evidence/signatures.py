"""stub"""

CONTAINERS_NOT_OPENED = frozenset({"application/gzip", "application/x-tar"})


def media_type(head):
    if head.startswith(b"SQLite format 3\0"):
        return "application/vnd.sqlite3"
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return "application/zip"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return None


def is_container(k):
    return k == "application/zip"


def has_zip_tail(t):
    return False
