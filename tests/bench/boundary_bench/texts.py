"""Made-up running text of both languages: prose, records full of numbers, and nothing but digits."""

from collections.abc import Iterator
from random import Random

_NAMES = ("Ms Lee", "Mr Okafor", "Dr Novak", "王芳女士", "李伟先生", "Mrs Brandt")
_THINGS = ("pump", "valve", "licence", "desk", "server", "cable")
_ENGLISH = (
    "Order {n6}-{n4}: {n2} x {thing}, {n2}.90 EUR each, due 2026-{month}-{day}.",
    "Contact {name}, phone +49 30 {n8}, mail {word}{n2}@example.com.",
    "Revision 4.{n2}.{n2} of the {thing} manual replaces page {n3}; see ticket #{n5}.",
    "Invoice {n8} was paid on 2026-{month}-{day} from host 10.{n2}.{n2}.{n2}.",
    "The {thing} in room {n3} was serviced {n2} times; {n3} hours are left.",
)
_CHINESE = (
    "订单{n8}共{n2}件，单价{n3}元，2026年{month}月{day}日前发货。",
    "联系人{name}，手机13{n4}{n5}，邮箱{word}{n2}@example.com。",
    "版本4.{n2}.{n2}的说明书第{n3}页已更新，工单号{n6}。",
    "会议室{n3}的设备已检修{n2}次，剩余{n3}小时。",
)
_PROSE = {
    "en": (
        "The {thing} was moved to another building because the old one was too small.",
        "Nobody had asked for a new {thing}, so the committee decided to wait until spring.",
        "In {n2} of the cases the {thing} lasted longer than its makers had expected.",
        "Its history, which historians tell differently, begins with a quarrel over a {thing}.",
    ),
    "zh": (
        "旧楼太小，所以大家决定把设备搬到河对岸的新楼里。",
        "会上没有人提出新的要求，委员会决定等到春天再讨论。",
        "在{n2}个例子里，机器用得比制造者预想的更久。",
        "这座城市的历史众说纷纭，人们只知道它从一场争论开始。",
    ),
}
_DIGITS = ("", " ", "-", ".", "  ", "\n", "/", ", ", " - ")


def prose(random: Random, language: str) -> Iterator[str]:
    """Yield sentences that tell something, for ever; few have a number."""
    while True:
        yield _filled(random.choice(_PROSE[language]), random)


def business(random: Random) -> Iterator[str]:
    """Yield sentences of an office in both languages in turn, for ever; numbers in each."""
    while True:
        yield _filled(random.choice(_ENGLISH), random)
        yield _filled(random.choice(_CHINESE), random)


def records(random: Random) -> Iterator[str]:
    """Yield sentences of both languages in turn, for ever; most have a number that is a secret."""
    while True:
        yield _filled(_ENGLISH[1], random)
        yield _filled(_CHINESE[1], random)
        yield _filled(random.choice((*_ENGLISH, *_CHINESE)), random)


def digits(random: Random) -> Iterator[str]:
    """Yield runs of digits with what people put between them, for ever: the worst to judge."""
    while True:
        run = "".join(random.choices("0123456789", k=random.randint(1, 20)))
        yield run + random.choice(_DIGITS)


def pieces(
    sentences: Iterator[str], *, count: int, size: int, encoding: str = "utf-8", between: str = " "
) -> list[str]:
    """Return up to `count` texts cut from the sentences in a row, of `size` bytes when encoded.

    Where a character would be cut in two, a text is that much shorter.
    """
    found: list[str] = []
    held = ""
    for sentence in sentences:
        held += sentence + between
        encoded = held.encode(encoding)
        while len(encoded) >= size:
            piece = encoded[:size].decode(encoding, "ignore")
            found.append(piece)
            held = held[len(piece) :]
            encoded = held.encode(encoding)
        if len(found) >= count:
            break
    return found[:count]


def _filled(form: str, random: Random) -> str:
    numbers = {f"n{length}": _number(random, length) for length in range(2, 9)}
    return form.format(
        name=random.choice(_NAMES),
        thing=random.choice(_THINGS),
        word="".join(random.choices("abcdefghij", k=6)),
        month=f"{random.randint(1, 12):02}",
        day=f"{random.randint(1, 28):02}",
        **numbers,
    )


def _number(random: Random, length: int) -> str:
    return str(random.randint(10 ** (length - 1), 10**length - 1))
