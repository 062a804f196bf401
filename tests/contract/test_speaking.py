"""POL-03: numbers that are spelt out in words are found, in whatever language they are dictated."""

import pytest

from edge_agent.contract.findings import Kind
from edge_agent.contract.flattening import flat
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.levels import Level
from edge_agent.contract.speaking import spoken
from tests.contract.documents import NOW, found_in, policy

WORDS = {
    "English": "zero one two three four five six seven eight nine",
    "English, oh": "oh one two three four five six seven eight nine",
    "German": "null eins zwo drei vier fünf sechs sieben acht neun",
    "German, plain": "null eins zwei drei vier fuenf sechs sieben acht neun",
    "French": "zéro un deux trois quatre cinq six sept huit neuf",
    "Spanish": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "Italian": "zero uno due tre quattro cinque sei sette otto nove",
    "Portuguese": "zero um dois três quatro cinco seis sete oito nove",
    "Brazilian": "zero um dois três quatro cinco meia sete oito nove",
    "pinyin": "ling yi er san si wu liu qi ba jiu",
    "pinyin with tones": "líng yī èr sān sì wǔ liù qī bā jiǔ",
    "pinyin on the telephone": "ling yao er san si wu liu qi ba jiu",
}
NUMBERS = {
    "mobile": ("15869352860", Kind.PHONE),
    "card": ("4485124484650563", Kind.BANK_CARD),
    "resident id": ("440305199308142533", Kind.RESIDENT_ID),
}


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("language", WORDS)
def test_speaking_digits_in_words_are_found_whole(language: str, number: str) -> None:
    for between in (" ", ", ", "-", " - ", "... "):
        digits, kind = NUMBERS[number]
        said = between.join(WORDS[language].split()[int(digit)] for digit in digits)

        assert whole(f"Good morning! {said}, many thanks.", said, kind)


@pytest.mark.parametrize(
    "said",
    [
        "ONE-FIVE-EIGHT-SIX-NINE-THREE-FIVE-TWO-EIGHT-SIX-ZERO",
        "OneFiveEightSixNineThreeFiveTwoEightSixZero",
        "onefiveeightsixninethreefivetwoeightsixzero",
        "one five eight uh six nine um three five and then two eight er six zero",
        "one five eight six, nine three five, two eight six oh",
        "one five eight sixty nine thirty-five twenty eight sixty",
        "fifteen eighty six ninety three fifty two eighty six zero",
        "one 5 八 6 nine 3 五 2 eight 6 零",
        "15 eight six 935 two eight six zero",
        "un cinq huit soixante-neuf trente-cinq vingt-huit soixante",
        "eins fünf achtundsechzig dreiundneunzig zweiundfünfzig acht sechs null",
        "uno cinco ocho seis nueve tres cinco veintiocho sesenta",
        "uno cinque otto sessantanove trentacinque ventotto sei zero",
        "um cinco oito seis nove três cinco vinte e oito meia zero",
        "one five eight six\nnine three five two\neight six zero",
    ],
)
def test_speaking_a_mobile_number_is_found_however_it_is_said(said: str) -> None:
    assert whole(f"You can call {said} tonight.", said, Kind.PHONE)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("one two three double four five triple six", "12344 5666".replace(" ", "")),
        ("eight hundred five five five one two", "8005551 2".replace(" ", "")),
        ("quatre-vingt-douze soixante-dix-sept soixante et onze dix-huit", "92777118"),
        ("quatre vingts vingt et un trente quatre zéro", "8021340"),
        ("um um zero um dois dois um", "1101221"),
        ("plus four four two seven oh eight three six six", "+442708366"),
        ("ling yi er er san er ba", "0122328"),
        ("one two three um four five er six seven", "1234567"),
    ],
)
def test_speaking_words_say_their_digits(said: str, written: str) -> None:
    assert written in [reading.text for reading in spoken(flat(said))]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("oh seven nine one one, one two three, nine eight seven", "07911 123 987"),
        ("one two three dash four five dash six seven eight nine", "123-45-6789"),
        ("oh seven nine one one one two three nine eight seven", "07911 123987"),
        ("two one two five five five oh one double nine", "212 555 0199"),
        ("one nine two dot one six eight dot ten dot seventeen", "192.168.10.17"),
    ],
)
def test_speaking_pauses_part_the_groups(said: str, written: str) -> None:
    assert written in [reading.text for reading in spoken(flat(said))]


@pytest.mark.parametrize(
    "text",
    [
        "One, two, three: the concert begins.",
        "In the six months from one to seven, two of three houses were sold, or four of nine.",
        "He was born in nineteen ninety four, and moved in two thousand and six.",
        "One of the two has three rooms, the other has four, five or six.",
        "Un, deux, trois, nous irons au bois; quatre, cinq, six, cueillir des cerises.",
        "Eins, zwei, Polizei, drei, vier, Offizier, fünf, sechs, alte Hex.",
        "one two three four five six seven eight nine ten",
        "er san si ba no six sei un um o a",
        "Chapters one, two and three; sections 4, 5, 6, 7, 8, 9 and 10; two parts.",
        "Two plus three plus four is nine; one plus five plus six is twelve.",
        "We sold fifty, three, forty, nine, seven, twelve and fifty of them.",
        "zero one two three four five six seven eight nine",
        "Seven, eight, nine, ten, eleven, twelve: the clock strikes.",
        "one hundred two hundred three hundred four hundred",
        "zweitausendvierundzwanzig und dreiundzwanzig und zwei",
    ],
)
def test_speaking_prose_is_not_raised(text: str) -> None:
    assert judge([Part(text)], policy(), now=NOW).level is Level.L0


def test_speaking_an_account_begins_with_the_letters_of_its_country() -> None:
    digits = "89370400440532013000"
    said = "D E " + " ".join(WORDS["English"].split()[int(digit)] for digit in digits)

    assert whole(f"My IBAN is {said}, thanks.", said, Kind.IBAN)


def whole(text: str, said: str, kind: Kind) -> bool:
    """Say whether all of it is covered by what was found; long runs with hyphens are held, too."""
    start = text.index(said)
    return any(
        each.kind in {kind, Kind.OPAQUE} and each.start <= start and start + len(said) <= each.end
        for each in found_in(text)
    )
