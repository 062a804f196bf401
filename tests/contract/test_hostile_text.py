"""No text makes a detector slow out of proportion: eight times as long takes about as many times.

Only the ratio is asserted, of processor time, so that a busy machine does not fail it; a step that is
quadratic takes 64 times as long and does.
"""

from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from time import thread_time

import pytest

from edge_agent.contract.assembling import assembled
from edge_agent.contract.composing import composed
from edge_agent.contract.detectors import (
    addresses,
    bank_cards,
    birth_dates,
    emails,
    ibans,
    ip_addresses,
    keys,
    national_ids,
    passports,
    passwords,
    persons,
    phones,
    resident_ids,
    social_credit_codes,
    tax_ids,
)
from edge_agent.contract.detectors.terms import DEFAULT_TERMS, find_terms
from edge_agent.contract.findings import Finding
from edge_agent.contract.mending import mended
from edge_agent.contract.parting import parted
from edge_agent.contract.readings import Reading, plain_reading
from edge_agent.contract.resembling import resembled
from edge_agent.contract.speaking import spoken
from edge_agent.contract.spelling import spelt
from edge_agent.contract.spreading import grouped, joined
from edge_agent.contract.turning import shifted, turned
from edge_agent.contract.unwrapping import unwrapped
from edge_agent.contract.windows import split_numbers

SMALL, LARGE = 1024, 8 * 1024
RATIO_MAX = 20
RUNS = 3
TRIES = 6
# Below this a run is all overhead, and ratios say nothing.
SECONDS_MIN = 50e-6

Find = Callable[[Reading], Iterator[object]]


def _windows(reading: Reading) -> Iterator[tuple[int, Finding]]:
    return split_numbers([reading], (resident_ids.find, bank_cards.find))


FINDERS: dict[str, Find] = {
    "addresses": addresses.find,
    "bank_cards": bank_cards.find,
    "birth_dates": birth_dates.find,
    "ibans": ibans.find,
    "national_ids": national_ids.find,
    "passports": passports.find,
    "persons": persons.find,
    "phones": phones.find,
    "emails": emails.find,
    "ip_addresses": ip_addresses.find,
    "keys": keys.find,
    "passwords": passwords.find,
    "resident_ids": resident_ids.find,
    "social_credit_codes": social_credit_codes.find,
    "tax_ids": tax_ids.find,
    "terms": partial(find_terms, terms=DEFAULT_TERMS),
    "unwrapped": unwrapped,
    "parted": parted,
    "spoken": spoken,
    "grouped": grouped,
    "assembled": assembled,
    "composed": composed,
    "resembled": resembled,
    "spelt": spelt,
    "joined": joined,
    "mended": mended,
    "turned": turned,
    "shifted": shifted,
    "windows": _windows,
}
# What is repeated to make a text.
SHAPES = (
    *("1", "1 ", "1-", "1.", "1(", "12 ", "1234 ", "12345 ", "0123 ", "123456789012 ", "(1) "),
    *("DE89 3704 ", "DE1 ", "DE136695976 ", "12-3456789 ", "123-45-6789 ", "+442079460958 "),
    *("a@", "a", "A", "0x", "(", " ", "\n", "。", "é", "Aa-", "A1-", "A1 ", "a1B2-c3 ", "O'Aa-"),
    *(
        "一二三四五六七八九",
        "市",
        "市区",
        "省市区镇",
        "路1号",
        "市路1号",
        "村1",
        "王",
        "王伟",
        "患者王",
    ),
    *("Aa ", "John ", "John's ", "Aa van de ", "Dr. ", "my name is Xa ", "1 Ab ", "1 A Street "),
    *("Rue de ", "Straße ", "1 apt ", "box 1 P.O. ", "live at 1 a ", "Leeds LS1 4A "),
    # Lines that might be encoded or cut in two.
    *("xq1Ab9Zk7Qw\n", "a-b-C1-D-e-F\n", "getFooBar\nsetBazQux\n", "cut12\nin 34two\n"),
    *(
        "name1@example1.c\n",
        "+1-054-353-1726x16954 fax\n",
        "o1 l2 O3 ",
        "K1",
        "1,",
        "a@b//:",
        "电话 123456-7890 ",
        "Anna, Tom, ",
        "Anna, x",
        "张伟、李娜和",
        "张伟、x",
        "Anna:\n",
        "tel1234567890_",
        "_1234567890",
        "?a=1+1234567890",
        "\\n\\t1",
    ),
    # Numbers in pieces.
    *("123+", "1→", '"1234", "', "123 then ", "(1)2", "1,234", "123 last 4 ", "1/2-3.", "123后4位"),
    # Lines of one length, and counted ones.
    *("1) 138\n2) 0013\n", "1: 1\n", "ab1cD\n", "x...then... ", "1) 1\n2) 2\n3) 3\n"),
    # Strings of code, fields, addresses and digits that are letters.
    *('"ab" + ', '"a","b",', "'a'.", '"1" ', "a=1;b=", "p1:x,p2:y,", '"p1":"', "x dot ", "a at "),
    *("a dot b at c dot d", "a@ b.", " @ a.com", "(at)", "a艾特b点", "1O0lI5S", "ЗO1б", "lO0-"),
    # Words for digits, apart and as one.
    *("one two uh ", "six 1 零 two ", "oneonetwo", "vingt quatre ", "double two one "),
    # Headings of columns, and what attacks other languages.
    *("dob,ssn,phone,passport\n1,2,3,4\n", "(dob, id) values (1, 'a'), ", "dob|", "ssn,\n"),
    *(
        "né le ",
        "nata a b ",
        "geb. 1 ",
        "李@李.",
        "@李.",
        "a (at) ",
        " at a dot ",
        "0123/45 ",
        "+1 0/",
    ),
    *("password ", "password of a b ", "pw 'x ", "<password>", "user,password\n", "password\n"),
    *("login a/b ", "use a1 to log ", "code 1-1-", "recovery codes a1b2-", "mysql -p ", "curl a:"),
    *("密码 ", "密码还是老", "seed phrase abc ", "passphrase: abc ", "net use /user:a "),
    *("password a b c ", "password [a", "password:<b>", "password from a to "),
    *("tel 1234567 ", "card 4111 1111 1111 1112 ", "born 1990-01-02 ", "salary of ", "工资"),
)


def _is_in_proportion(find: Find, small: str, large: str) -> bool:
    """Say whether the larger text takes few enough times as long; another program may be in the way."""
    return any(
        _seconds(find, large) <= RATIO_MAX * max(_seconds(find, small), SECONDS_MIN)
        for _ in range(TRIES)
    )


def _seconds(find: Find, text: str) -> float:
    times = []
    for _ in range(RUNS):
        # A fresh one each time: what a reading sees once for all counts, too.
        reading = plain_reading(text)
        begin = thread_time()
        for _ in find(reading):
            pass
        times.append(thread_time() - begin)
    return min(times)


def _repeated(shape: str, length: int) -> str:
    return (shape * (length // len(shape) + 1))[:length]


def _groups(length: int) -> str:
    random = Random(4)
    groups = (str(random.randrange(10, 100_000)) for _ in range(length))
    return " ".join(groups)[:length]


@pytest.mark.parametrize("name", FINDERS)
def test_time_grows_with_length_on_hostile_text(name: str) -> None:
    find = FINDERS[name]

    slow = [
        shape
        for shape in SHAPES
        if not _is_in_proportion(find, _repeated(shape, SMALL), _repeated(shape, LARGE))
    ]

    assert slow == []


@pytest.mark.parametrize("name", FINDERS)
def test_time_grows_with_length_on_groups_of_digits(name: str) -> None:
    assert _is_in_proportion(FINDERS[name], _groups(SMALL), _groups(LARGE))


def test_time_of_split_numbers_grows_with_the_count_of_messages() -> None:
    def seconds(count: int) -> float:
        readings = [plain_reading(f"message {number} of 4111") for number in range(count)]
        begin = thread_time()
        for _ in split_numbers(readings, (resident_ids.find, bank_cards.find)):
            pass
        return thread_time() - begin

    ratios = (seconds(400) / max(seconds(50), SECONDS_MIN) for _ in range(TRIES))

    assert any(ratio <= RATIO_MAX for ratio in ratios)
