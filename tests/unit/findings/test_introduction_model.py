"""Laws of ``clew.findings.introduction_model``: labels move what is declared."""

from __future__ import annotations

import numpy as np
import pytest

from clew.findings.exposure import FEATURES, First
from clew.findings.introduction_model import FIGURES, Model, declared, figures_of
from clew.findings.unseen import Unseen

EXPOSED = FEATURES.index("exposed")


def first(number: int, **more) -> First:
    exposed = float(more.pop("exposed", number % 2))
    features = [0.0] * len(FEATURES)
    features[EXPOSED] = features[EXPOSED + 1] = exposed
    features[FEATURES.index("earliest")] = 1 - exposed
    about = {
        "cluster": f"c{number}", "person": f"p{number % 7}", "rank": 0, "holder": True,
        "complete": True, "seen_here": bool(exposed), "visible": True, "earlier": 0, "sharers": 2,
        "share": {"at_us": 1e15 + number, "known": False, "forwarded": 0},
    }  # fmt: skip
    return First(features=tuple(features), **about | more)


def learned(firsts: list[First], witnesses=(1, 2)) -> Model:
    model = Model.learned(firsts, Unseen(witnesses, [0.0]))
    assert model is not None
    return model


MANY = [first(n) for n in range(400)]
STRANGERS = [first(n, holder=False, complete=False, seen_here=False) for n in (1000, 1001)]


def test_who_had_seen_it_elsewhere_is_less_likely_to_have_brought_it_in() -> None:
    fresh, exposed = learned(MANY).chances(STRANGERS)
    assert fresh > 0.5 > exposed


def test_labels_of_the_case_move_what_is_declared() -> None:
    contrary = [first(n, seen_here=bool(n % 8)) for n in range(4000)]
    plain, moved = learned(MANY).chances(STRANGERS), learned(contrary).chances(STRANGERS)
    assert moved[0] < plain[0] - 0.1


def test_too_few_labels_say_nothing() -> None:
    assert Model.learned(MANY[:40], Unseen([1], [0.0])) is None
    assert Model.learned([first(n, visible=False) for n in range(400)], Unseen([1], [0.0])) is None
    assert Model.learned([first(n, exposed=0) for n in range(400)], Unseen([1], [0.0])) is None


def test_the_own_device_outweighs_what_others_show() -> None:
    model = learned(MANY)
    stranger, kept, seen = model.chances([STRANGERS[0], first(2000), first(2000, seen_here=True)])
    assert kept >= stranger > seen
    half, own = (
        model.chances([first(9, holder=h, complete=h, seen_here=False)]) for h in (False, True)
    )
    assert own > half
    assert seen <= declared().seen_before


def test_the_first_of_all_is_surer_where_more_is_seen() -> None:
    firsts = [first(n, earlier=int(n % 5 == 0)) for n in range(400)]
    earliest = [f for f in firsts if f.earlier == 0 and not f.seen_here]
    sure = []
    for witnesses in ([1] * 95 + [2] * 5, [1] * 5 + [2] * 95):
        model = learned(firsts, witnesses)
        introduced = model.chances(earliest)
        sure.append(model.first(earliest, introduced))
        assert (sure[-1].chance <= introduced + 1e-9).all()
        assert (sure[-1].chance <= 1 - sure[-1].unseen / 2 + 1e-9).all()
        assert (sure[-1].least < sure[-1].chance).all()
    assert (sure[0].chance < sure[1].chance).all()
    assert (sure[0].unseen > sure[1].unseen).all()


def test_a_persons_own_share_does_not_count_among_its_others() -> None:
    alone = figures_of([first(0, person="a", exposed=1), first(2, person="b", exposed=0)])
    other = FIGURES.index("first_shares")
    assert alone[:, other] == pytest.approx([0, 0])
    part = FIGURES.index("passes_on")
    twice = figures_of([first(0, person="a", exposed=1), first(2, person="a", exposed=0)])
    assert twice[1, part] > alone[1, part]
    assert np.isfinite(twice).all()


def test_every_figure_is_declared_with_what_it_was_counted_on() -> None:
    known = declared()
    assert set(known.figures) == set(FIGURES)
    assert known.counted_on
    assert all(figure.spread > 0 for figure in known.figures.values())
    assert known.first.introduced > 0 > known.first.unseen
