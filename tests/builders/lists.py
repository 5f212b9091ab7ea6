"""Lists as police forces keep them, made up."""

from __future__ import annotations

import hashlib

from clew.operation.board import board
from clew.operation.importing.grid import Grid, grid_of
from clew.operation.importing.taking import How, Plan, plan

REGISTER = """Nº indicio;Registro;Efecto;Cantidad;IMEI;Fecha y hora;Precinto
I-1;ES-S-01;Teléfono móvil;1;352099001761481;28/03/2017 08:50;P-1
I-2;ES-S-01;DVD (lote);40;;28/03/2017 08:52;P-2
I-3;ES-S-02;Cámara fotográfica;1;;29/03/2017 08:50;P-3
;;TOTAL;42;;;
"""
ARRESTS = """arrest_id,person_ref,country,on,status,then
A-01,ES-P-01,ES,2017-04-10,arrested,remanded
A-02,ES-P-02,ES,2017-04-10,arrested,released_on_conditions
A-03,CO-P-01,CO,2017-04-11,arrested,
"""


def grid(text: str | bytes, encoding: str | None = None) -> Grid:
    content = text if isinstance(text, bytes) else text.encode()
    return grid_of(content, "list.csv", hashlib.sha256(content).hexdigest(), encoding)


def planned(text: str | bytes, role: str = "register", there=(), **how) -> Plan:
    return plan(grid(text), How(role=role, **how), there, board(there))
