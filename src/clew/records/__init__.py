"""What is written down: one row class a table, each with the enumerations of its columns.

Whatever a module here declares is a name of this package: ``from clew.records import Message``.
The register in ``clew/words/codes`` explains each value of the enumerations of findings.
"""

from clew.records.accounts import *
from clew.records.chats import *
from clew.records.countries import *
from clew.records.dates import *
from clew.records.deconfliction_judgements import *
from clew.records.drawing import *
from clew.records.entries import *
from clew.records.evidence import *
from clew.records.facts import *
from clew.records.hashsets import *
from clew.records.invites import *
from clew.records.judgements import *
from clew.records.media import *
from clew.records.membership_periods import *
from clew.records.merged import *
from clew.records.messages import *
from clew.records.network import *
from clew.records.operation_judgements import *
from clew.records.packages import *
from clew.records.partner_judgements import *
from clew.records.permission_judgements import *
from clew.records.persons import *
from clew.records.recovered import *
from clew.records.roles import *
from clew.records.route_judgements import *
from clew.records.routes import *
from clew.records.shares import *
from clew.records.sources import *
from clew.records.stated_files import *
from clew.records.timeline import *
