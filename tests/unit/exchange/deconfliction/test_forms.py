import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.exchange.deconfliction.forms import Form, Kind, NoForm, half_year, normal, phone

ONE_NUMBER = {
    "+34600111222": [
        "+34 600 11 12 22", "0034600111222", "00 34 600-111-222", "(+34) 600.111.222",
        "\u202a+34 600 111 222\u202c", "+34\u00a0600\u200b111222", "\uff0b34 600111222",
        "+\u0663\u0664\u0666\u0660\u0660\u0661\u0661\u0661\u0662\u0662\u0662",
        "tel:+34-600-111-222", "34600111222@s.whatsapp.net", "34600111222:3@s.whatsapp.net",
    ],
    "+525512345678": [
        "+52 55 1234 5678", "+52 1 55 1234 5678", "5215512345678@c.us", "+52 044 55 1234 5678",
        "00 52 1 (55) 1234-5678", "+52 01 55 1234 5678",
    ],
    "+541112345678": [
        "+54 11 1234 5678", "+54 9 11 1234 5678", "+54 11 15 1234-5678", "+540111512345678",
    ],
    "+390612345678": ["+39 06 1234 5678", "0039 06 12345678"],
    "+442079460000": ["+44 20 7946 0000", "+44 (0)20 7946 0000"],
}  # fmt: skip
WITHIN = {
    ("600 111 222", "ES"): "+34600111222",
    ("0034 600 111 222", "ES"): "+34600111222",
    ("011 15 1234-5678", "AR"): "+541112345678",
    ("044 55 1234 5678", "MX"): "+525512345678",
    ("0 15 11 98765-4321", "BR"): "+5511987654321",
    ("8 912 345 67 89", "RU"): "+79123456789",
}
written = [(text, number) for number, texts in ONE_NUMBER.items() for text in texts]


@pytest.mark.parametrize(("text", "number"), written)
def test_every_written_form_of_a_number_is_one(text, number) -> None:
    assert phone(text) == number
    assert normal(Kind.PHONE, f"{text}|2017-03-01").text == f"{number}|2017-H1"


@pytest.mark.parametrize(("asked", "number"), WITHIN.items())
def test_a_number_as_it_is_written_within_a_country(asked, number) -> None:
    assert phone(*asked) == number


def test_numbers_of_two_persons_stay_two() -> None:
    assert len({phone(text) for text in ONE_NUMBER}) == len(ONE_NUMBER)
    assert phone("+55 11 8765-4321") != phone("+55 11 98765-4321")


def test_a_number_of_eight_digits_of_brazil_is_kept_and_marked() -> None:
    assert normal(Kind.PHONE, "+55 11 8765-4321|2016-H2") == Form(
        Kind.PHONE, "+551187654321|2016-H2", "brazil_eight_digits"
    )
    assert not normal(Kind.PHONE, "+55 11 98765-4321|2016-H2").flag


def test_a_number_that_no_plan_has_is_kept_and_marked() -> None:
    assert normal(Kind.PHONE, "+52000000003|2016-H2").flag == "no_plan"


IMEI, FILE = "352099001761481", "AB" * 32
SAME = [
    (Kind.IMEI, "35209900176148", [IMEI, "35-209900-176148-1", "3520990017614807", " " + IMEI]),
    (Kind.SHA256, FILE.lower(), [FILE, f" {FILE.lower()} "]),
    (Kind.ACCOUNT, "whatsapp:lid:12345678", ["whatsapp:lid:12345678", "WhatsApp:LID: 12345678"]),
    (Kind.ACCOUNT, "telegram:name:some_body", ["telegram:name:@Some_Body"]),
    (Kind.SEARCH, "12 28013 madrid mayor|2016-10-05", [
        "Calle Mayor 12, 28013 Madrid | 2016-10-05", "C/ Mayor, nº 12 - MADRID 28013|2016-10-05",
        "mayor 12 28013 madrid\t2016-10-05"]),
    (Kind.SEARCH, "10115 7 berlin musterstraße|2016-10-05".replace("ß", "ss"), [
        "Musterstraße 7, 10115 Berlin|2016-10-05"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "form", "texts"), SAME)
def test_every_written_form_of_one_thing_is_one(kind, form, texts) -> None:
    assert {normal(kind, text).text for text in texts} == {form}


REFUSED = [
    (Kind.PHONE, "600111222|2017-H1", "no_country"),
    (Kind.PHONE, "+34 60|2017-H1", "no_number"),
    (Kind.PHONE, "somebody|2017-H1", "no_number"),
    (Kind.PHONE, "|2017-H1", "no_number"),
    (Kind.PHONE, "+34600111222", "no_half_year"),
    (Kind.PHONE, "+34600111222|2017-H3", "no_half_year"),
    (Kind.PHONE, "+34600111222|2017-02-30", "no_day"),
    (Kind.ACCOUNT, "whatsapp:pn:34600111222", "account_is_no_account"),
    (Kind.ACCOUNT, "telegram:1", "no_account"),
    (Kind.IMEI, "352099001761482", "imei_check_digit"),
    (Kind.IMEI, "3520990017614", "no_imei"),
    (Kind.SHA256, "AB" * 31, "no_sha256"),
    (Kind.SEARCH, "Calle Mayor 12, Madrid", "no_day"),
    (Kind.SEARCH, "Madrid|2016-10-05", "no_address"),
    (Kind.SEARCH, "12|2016-10-05", "no_address"),
]


@pytest.mark.parametrize(("kind", "text", "code"), REFUSED)
def test_what_has_no_form_is_refused_by_a_code_that_does_not_show_it(kind, text, code) -> None:
    with pytest.raises(NoForm) as refused:
        normal(kind, text)
    assert refused.value.code == str(refused.value) == code


@given(st.sampled_from(Kind), st.text(max_size=40))
def test_any_text_has_one_form_or_is_refused(kind, text) -> None:
    for tail in ("", "|2017-H1"):
        try:
            form = normal(kind, text + tail)
        except NoForm:
            continue
        assert normal(kind, form.text) == form


@given(st.dates())
def test_a_half_year_is_of_its_days(day) -> None:
    assert half_year(day.isoformat()) == f"{day.year:04}-H{1 if day.month < 7 else 2}"


def test_two_kinds_never_have_one_input() -> None:
    assert len({Form(kind, "1").input for kind in Kind}) == len(Kind)


def test_the_pairs_of_the_corpus_are_as_they_should_be(fixtures) -> None:
    rows = (fixtures / "exchange/deconflict/pairs.tsv").read_text("utf-8").splitlines()[1:]
    for text, kind, wanted, _ in (row.split("\t") for row in rows):
        if wanted.startswith("(refused"):
            with pytest.raises(NoForm, match="no_country"):
                phone(text)
        elif kind == "phone":
            assert phone(text) == wanted
        else:
            assert normal(Kind(kind.partition("+")[0]), text).text == wanted
