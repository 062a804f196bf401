"""Ways to reach people and machines: phones, mail addresses, IP addresses."""

from functools import partial
from random import Random

from edge_agent.contract.findings import Kind
from tests.boundary_sets.drawing import DIGITS, HEX, Draw, Secret, grouped, run

# fmt: off
_MOBILE = (
    "130", "131", "132", "133", "135", "136", "137", "138", "139", "150", "151", "152", "155",
    "157", "158", "159", "166", "173", "176", "177", "178", "180", "181", "182", "183", "185",
    "186", "187", "188", "189", "191", "198", "199",
)
_LANDLINE = (
    ("010", 8), ("021", 8), ("020", 8), ("0755", 8), ("0571", 8), ("025", 8), ("028", 8),
    ("0532", 8), ("0754", 8), ("0763", 7), ("0577", 8),
)
_FAMILY = ("wang", "liu", "chen", "zhao", "meyer", "rossi", "dubois", "novak", "okafor", "tanaka")
_GIVEN = ("li", "min", "jing", "hao", "anna", "paolo", "claire", "petra", "ada", "ken")
_DOMAINS = (
    "lantian-trade.cn", "northgate.co.uk", "haishi.com.cn", "werkhof.de", "sunmill.io",
    "qinghe-school.edu.cn", "clinique-lac.fr", "baystone.org", "163.com", "gmail.com",
)
# fmt: on


def mobile(rng: Random) -> str:
    """Return the eleven digits of a mainland mobile."""
    return rng.choice(_MOBILE) + run(rng, DIGITS, 8)


def landline(rng: Random) -> tuple[str, str]:
    """Return area code and number of a mainland landline."""
    area, size = rng.choice(_LANDLINE)
    return area, rng.choice("2568") + run(rng, DIGITS, size - 1)


def mail_address(rng: Random) -> str:
    """Return an address whose parts were drawn apart."""
    name = f"{rng.choice(_GIVEN)}{rng.choice(('.', '_', ''))}{rng.choice(_FAMILY)}"
    return f"{name}{rng.choice(('', run(rng, DIGITS, 2)))}@{rng.choice(_DOMAINS)}"


def ip_v4(rng: Random) -> str:
    """Return an address of a private or a public network."""
    private = f"{rng.choice(('10.32', '192.168', '172.20'))}"
    public = f"{rng.choice((47, 61, 114, 203, 218))}.{rng.randrange(256)}"
    return f"{rng.choice((private, public))}.{rng.randrange(256)}.{rng.randrange(2, 255)}"


def ip_v6(rng: Random) -> str:
    """Return a global address in full or shortened."""
    groups = [f"{int(run(rng, HEX, 4), 16) | 0x1000:x}" for _ in range(6)]
    full = ":".join(["240e", "3a1", *groups])
    return rng.choice((full, f"2408:{groups[0]}:{groups[1]}::{groups[2]}"))


def _mobile(rng: Random, between: str, lead: str = "", country: str = "") -> Secret:
    text = country + grouped(mobile(rng), (3, 4), between)
    return Secret(text, Kind.PHONE, f"mobile {country}{between!r}", lead)


def _mobile_odd(rng: Random, lead: str, between: str, sizes: tuple[int, ...]) -> Secret:
    text = grouped(mobile(rng), sizes, between)
    return Secret(text, Kind.PHONE, f"mobile odd {between!r}", lead)


def _landline(rng: Random, pattern: str, lead: str = "") -> Secret:
    area, number = landline(rng)
    text = pattern.format(
        area=area, short=area[1:], number=number, head=number[:4], rest=number[4:]
    )
    return Secret(text, Kind.PHONE, f"landline {pattern}", lead)


def _hong_kong(rng: Random, between: str, lead: str = "") -> Secret:
    number = rng.choice(("2", "5", "6", "9")) + rng.choice("1345678") + run(rng, DIGITS, 6)
    return Secret(
        f"+852{between}{grouped(number, (4,), between)}", Kind.PHONE, f"hong kong {between!r}", lead
    )


def _abroad(
    rng: Random, places: tuple[tuple[str, str], ...], between: str, lead: str = ""
) -> Secret:
    country, pattern = rng.choice(places)
    number = "".join(rng.choice(DIGITS) if sign == "#" else sign for sign in pattern)
    text = f"{country} {number}".replace(" ", between)
    return Secret(text, Kind.PHONE, f"abroad {country}{between!r}", lead)


def _mail(rng: Random, lead: str) -> Secret:
    return Secret(mail_address(rng), Kind.EMAIL, "email", lead)


def _mail_odd(rng: Random) -> Secret:
    local, _, domain = mail_address(rng).partition("@")
    return Secret(
        f"{local}+{rng.choice(('billing', 'hr'))}@mail.{domain}", Kind.EMAIL, "email plus"
    )


def _v4(rng: Random, lead: str, port: str = "") -> Secret:
    return Secret(ip_v4(rng), Kind.IP_ADDRESS, f"ipv4{port}", lead, port)


def _v6(rng: Random, lead: str, tail: str = "") -> Secret:
    return Secret(ip_v6(rng), Kind.IP_ADDRESS, f"ipv6{tail}", lead, tail)


_PLACES = (
    ("+1", "212 736 ####"),
    ("+44", "20 7946 ####"),
    ("+49", "30 23######"),
    ("+33", "6 12 ## ## ##"),
    ("+81", "90 3### ####"),
    ("+65", "91## ####"),
)
_OTHER_PLACES = (
    ("+61", "412 ### ###"),
    ("+82", "10 4### ####"),
    ("+91", "98### #####"),
    ("+34", "612 ### ###"),
    ("+41", "79 4## ## ##"),
    ("+39", "347 ### ####"),
)
SEEN: tuple[Draw, ...] = (
    partial(_mobile, between=""),
    partial(_mobile, between=" "),
    partial(_mobile, between="-"),
    partial(_mobile, between="", country="+86 "),
    partial(_mobile, between=" ", country="+86 "),
    partial(_mobile, between="", country="0086"),
    partial(_landline, pattern="{area}-{number}"),
    partial(_landline, pattern="({area}) {head} {rest}"),
    partial(_hong_kong, between=" "),
    partial(_abroad, places=_PLACES, between=" "),
    partial(_abroad, places=_PLACES, between=""),
    partial(_mail, lead=""),
    partial(_mail, lead="e-mail: "),
    partial(_v4, lead=""),
    partial(_v4, lead="server "),
    partial(_v6, lead=""),
)
HELD_OUT: tuple[Draw, ...] = (
    partial(_mobile, between="."),
    partial(_mobile, between="_", lead="加我微信同号 "),
    partial(_mobile, between="-", country="(+86)"),
    partial(_mobile, between=" ", country="0086-"),
    partial(_mobile, between="", country="86", lead="tel "),
    partial(_mobile_odd, lead="打我电话 ", between=" ", sizes=(4, 3)),
    partial(_mobile_odd, lead="cell ", between="-", sizes=(3, 3)),
    partial(_landline, pattern="+86 {short} {head} {rest}"),
    partial(_landline, pattern="{area} {number} 转 801", lead="座机"),
    partial(_hong_kong, between="-", lead="WhatsApp "),
    partial(_abroad, places=_OTHER_PLACES, between="-"),
    partial(_abroad, places=_OTHER_PLACES, between=".", lead="tel:"),
    _mail_odd,
    partial(_mail, lead='"mail": "'),
    partial(_v4, lead="连到 ", port=":8443"),
    partial(_v6, lead="http://[", tail="]:8080/"),
)
