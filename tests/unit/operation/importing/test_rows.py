"""What rows of lists state."""

from __future__ import annotations

import pytest
from builders.lists import planned

from clew.operation.importing.vocabulary import kind_of


def test_a_search_is_entered_and_left_with_its_result() -> None:
    text = (
        "Registro;Provincia;Autorización;Entrada;Salida;Resultado\n"
        "ES-S-01;Lugo;DP 1/2017;28/03/2017 08:06;28/03/2017 12:06;positivo\n"
        "ES-S-02;Lugo;DP 2/2017;;;quizás\n"
    )
    plan = planned(text, "searches")
    assert [(s.reference, s.says, s.particulars[:1]) for s in plan.said] == [
        ("ES-S-01", "planned", ("authority=DP 1/2017",)),
        ("ES-S-01", "entered", ("read_from=list.csv:2",)),
        ("ES-S-01", "left", ("read_from=list.csv:2",)),
        ("ES-S-02", "planned", ("authority=DP 2/2017",)),
    ]
    assert "result=positive" in plan.said[2].particulars
    assert [w.code for w in plan.warnings] == ["result_unknown"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Teléfono móvil Samsung", "phone"), ("Externe Festplatte 2 TB", "disk"),
        ("USB-Stick 32GB", "usb"), ("Tarjeta SD", "memory_card"), ("CD-ROM", "optical_disc"),
        ("optical_disc", "optical_disc"), ("cuaderno", None), ("", None),
    ],
)  # fmt: skip
def test_words_say_what_a_thing_is(words, kind) -> None:
    assert kind_of(words) == kind
