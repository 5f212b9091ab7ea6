"""Heads of tables: by the words of their columns, or as whoever imports them says."""

from __future__ import annotations

import pytest
from builders.lists import REGISTER, grid, planned

from clew.errors import UsageError
from clew.operation.importing.header import head_of


@pytest.mark.parametrize(
    ("role", "names", "fields"),
    [
        ("register", "Asservaten-Nr.;Durchsuchung;Gegenstand;Anzahl;Siegel;Bemerkung",
         ["number", "search", "what", "quantity", "seal"]),
        ("register", "N° de scellé;Perquisition;Objet;Quantité",
         ["number", "search", "what", "quantity"]),
        ("searches", "Registro;Provincia;Autorización;Entrada;Salida;Resultado",
         ["search", "place", "authority", "entered", "left", "result"]),
        ("moves", "Reperto;Da;A;Quando;Sigillo prima;Sigillo dopo",
         ["number", "from", "to", "at", "seal_before", "seal_after"]),
        ("status", "Referencia;País;Fecha;Situación", ["person", "country", "at", "status"]),
    ],
)  # fmt: skip
def test_columns_are_known_in_several_languages(role, names, fields) -> None:
    assert sorted(head_of(grid(names + "\n"), role, {}).columns) == sorted(fields)


def test_columns_can_be_mapped_and_a_head_stands_below_titles() -> None:
    text = "Register of seizures;;\n;;\nCode;Where;What\nX-1;S-1;phone\n"
    plan = planned(text, mapped={"number": "Code", "search": "Where"})
    assert plan.said[0].reference == "S-1/X-1"
    for mapped, says in (({"nmber": "Code"}, "number"), ({"imei": "Nowhere"}, "no column")):
        with pytest.raises(UsageError) as refused:
            planned(REGISTER, mapped=mapped)
        assert says in f"{refused.value} {refused.value.do}"
    with pytest.raises(UsageError, match="no head"):
        planned("a;b\n1;2\n")
