"""One of WhatsApp's Android databases being read, and the codes of its columns."""

from clew.facts.codes import Codes
from clew.facts.whatsapp import WhatsAppDatabase

NAME = "whatsapp-android"
CODES = Codes(__package__)
CARRIES_FILE = CODES.set_of("carries_file")
name_of = CODES.meaning


class Database(WhatsAppDatabase):
    """A database of WhatsApp on Android, open for reading."""

    reader = NAME
