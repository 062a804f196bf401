"""Dates of birth: named in many languages or by a column, and dates that are none."""

import pytest

from edge_agent.contract.detectors import birth_dates
from edge_agent.contract.flattening import flat


def found_in(text: str) -> list[str]:
    return [text[each.start : each.end] for each in birth_dates.find(flat(text))]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Geburtsdatum 09.11.1964", "09.11.1964"),
        ("Geburtstag: 14. März 1982", "14. März 1982"),
        ("geb. 09.11.1964 in Ulm", "09.11.1964"),
        ("Geb.-Datum 9. 11. 1964", "9. 11. 1964"),
        ("geboren am 1982-03-14", "1982-03-14"),
        ("né le 12/05/1990", "12/05/1990"),
        ("née à Lyon le 12 mai 1990", "12 mai 1990"),
        ("né(e) le 14/03/82", "14/03/82"),
        ("date de naissance : 12 février 1990", "12 février 1990"),
        ("fecha de nacimiento 03/08/1985", "03/08/1985"),
        ("fecha nac. 14 de marzo de 1982", "14 de marzo de 1982"),
        ("nacida en Sevilla el 14-Mar-1982", "14-Mar-1982"),
        ("nata il 21/02/1993", "21/02/1993"),
        ("nato a Roma il 3 marzo 1950", "3 marzo 1950"),
        ("data di nascita 30/09/2001", "30/09/2001"),
        ("data de nascimento: 30/09/2001", "30/09/2001"),
        ("geboortedatum 30-09-2001", "30-09-2001"),
        ("född 1982-03-14", "1982-03-14"),
        ("生年月日 14.03.1982", "14.03.1982"),
        ("1982年3月14日生まれ", "1982年3月14日"),
        ("생년월일: 1982년 3월 14일", "1982년 3월 14일"),
        ("дата рождения 14 марта 1982", "14 марта 1982"),
        ("ДАТА РОЖДЕНИЯ: 14.03.1982", "14.03.1982"),
        ("родился 14.03.1982", "14.03.1982"),
        ("Maria Lopez (b. 4 Jan 1951) knee pain", "4 Jan 1951"),
        ("Schmidt, Uwe, *14.03.1982, Station 4", "14.03.1982"),
        ("d.o.b. 14/May/1982", "14/May/1982"),
        ("Doğum tarihi 14.05.1982", "14.05.1982"),
        ("DOB: 14Mar1982", "14Mar1982"),
        ("March 14th, 1982 is her birthday", "March 14th, 1982"),
        ("王伟，男，1975年8月生，汉族", "1975年8月"),
        ("出生年月 1968.04", "1968.04"),
        ('{"userBirthday":"1982-03-14"}', "1982-03-14"),
        ('{"birth_date":"1982-03-14T00:00:00Z"}', "1982-03-14"),
    ],
)
def test_birth_dates_are_named_in_many_languages(text: str, date: str) -> None:
    assert found_in(text) == [date]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        (
            'name,dob,start\nAnna,1982-03-14,2024-01-02\n"Okafor, Chinedu",1983-04-15,2023-01-02',
            ["1982-03-14", "1983-04-15"],
        ),
        ("admission,dob\n2026-11-20,1982-03-14", ["1982-03-14"]),
        (
            "Name;Geburtsdatum;Ort\nJonas;14.03.1982;Ulm\nAnna;1.4.1990;Bonn",
            ["14.03.1982", "1.4.1990"],
        ),
        (
            "| 姓名 | 出生日期 |\n|---|---|\n| 王晓雯 | 1982.3.14 |\n| 李雷 | 1983年5月6日 |",
            ["1982.3.14", "1983年5月6日"],
        ),
        ("id\tbirth_date\n1\t1982-03-14 00:00:00\n2\t1990-01-02", ["1982-03-14", "1990-01-02"]),
        (
            "INSERT INTO t (name, birthday) VALUES ('Wei', '1982-03-14'), ('Li, Na', '1990-01-02');",
            ["1982-03-14", "1990-01-02"],
        ),
    ],
)
def test_birth_dates_stand_in_a_column_of_them(text: str, dates: list[str]) -> None:
    assert found_in(text) == dates


@pytest.mark.parametrize(
    "text",
    [
        "出生证明请于3月14日前提交。",
        "1990年1月1日前出生的人免费",
        "新政策自2026年3月14日生效",
        "工厂2026年8月生产",
        "Birth certificates are due on 14 March 2026.",
        "children born after 1 January 2020 must be vaccinated",
        "Geburtsurkunde bis 14.03.2026 einreichen",
        "L'acte de naissance du 3/4/2026",
        "NATO met on 14 March 2026.",
        "a. 3/4/2026 b. 4/5/2026",
        "* 14.03.2026 meeting",
        "The next one, *14.03.2026*, is better",
        "geb. Müller, Termin am 14.03.2026",
        "Mein Kollege, né Dupont, part le 12/05/2026",
        "Le projet, né à Lyon, a été présenté le 12/05/2026.",
        "El proyecto nació en 2019 y terminó el 3/5/2026.",
        "公司生于2010年，2026年3月1日上市",
        "il ne le voit pas le 12/05/2026",
        "date,birth_place\n2026-01-02,Ulm",
        '{"birthday": null, "created": "2026-01-02"}',
        "date of birth: unknown, admitted 2026-11-20",
    ],
)
def test_birth_dates_lets_other_dates_be(text: str) -> None:
    assert found_in(text) == []
