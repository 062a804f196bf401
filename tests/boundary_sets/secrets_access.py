"""What opens doors; every body is drawn at run time, so that no file here holds a key."""

import base64
import json
from functools import partial
from random import Random

from edge_agent.contract.findings import Kind
from tests.boundary_sets.drawing import ALNUM, DIGITS, HEX, UPPER, Draw, Secret, run

# A vendor's shape: literal parts and (signs, count) to be drawn.
Shape = tuple[str | tuple[str, int], ...]
_URL_SAFE = ALNUM + "-_"
_SEEN_KEYS: dict[str, Shape] = {
    "openai": ("sk-", (ALNUM, 48)),
    "openai project": ("sk-", "proj-", (_URL_SAFE, 80)),
    "aws": ("AKI", "A", (UPPER + "234567", 16)),
    "github": ("gh", "p_", (ALNUM, 36)),
    "gitlab": ("glp", "at-", (_URL_SAFE, 20)),
    "slack": ("xo", "xb-", (DIGITS, 12), "-", (DIGITS, 12), "-", (ALNUM, 24)),
    "stripe": ("sk_", "live_", (ALNUM, 24)),
    "google": ("AI", "za", (_URL_SAFE, 35)),
    "sendgrid": ("S", "G.", (_URL_SAFE, 22), ".", (_URL_SAFE, 43)),
    "twilio": ("S", "K", (HEX, 32)),
    "hugging face": ("h", "f_", (ALNUM, 34)),
    "alibaba": ("LT", "AI5t", (ALNUM, 18)),
}
_HELD_OUT_KEYS: dict[str, Shape] = {
    "github fine": ("github_", "pat_", (ALNUM, 22), "_", (ALNUM, 59)),
    "groq": ("gs", "k_", (ALNUM, 52)),
    "digitalocean": ("do", "p_v1_", (HEX, 64)),
    "shopify": ("shp", "at_", (HEX, 32)),
    "mailgun": ("ke", "y-", (HEX, 32)),
    "tencent": ("AK", "ID", (ALNUM, 32)),
    "databricks": ("da", "pi", (HEX, 32)),
    "vault": ("hv", "s.", (_URL_SAFE, 90)),
    "telegram": ((DIGITS, 9), ":A", "A", (_URL_SAFE, 33)),
    "stripe restricted": ("rk_", "live_", (ALNUM, 24)),
    "linear": ("lin_", "api_", (ALNUM, 40)),
    "slack user": ("xo", "xp-", (DIGITS, 12), "-", (DIGITS, 12), "-", (ALNUM, 32)),
}
_HOSTS = ("db.internal", "10.2.8.14", "cache.northgate.co.uk", "mq.haishi.com.cn")


def api_key(rng: Random, shape: Shape) -> str:
    """Return a key of this shape with a body nobody was ever given."""
    return "".join(part if isinstance(part, str) else run(rng, *part) for part in shape)


def password(rng: Random) -> str:
    """Return a password as people make them: a word, signs, digits."""
    word = rng.choice(("Sommer", "dragon", "Beijing", "tulip", "Hafen", "qwert"))
    return f"{word}{rng.choice('!@#$%&*')}{run(rng, DIGITS, 3)}{run(rng, ALNUM, 4)}"


def _key(rng: Random, shapes: dict[str, Shape], lead: str = "") -> Secret:
    vendor = rng.choice(list(shapes))
    return Secret(api_key(rng, shapes[vendor]), Kind.API_KEY, f"key {vendor}", lead)


def _url(rng: Random, schemes: tuple[str, ...], end: str) -> Secret:
    user = rng.choice(("app", "root", "backup", "report"))
    scheme = rng.choice(schemes)
    text = f"{scheme}://{user}:{run(rng, ALNUM, 12)}@{rng.choice(_HOSTS)}{end}"
    return Secret(text, Kind.URL_CREDENTIALS, f"url {scheme}")


def _url_nameless(rng: Random) -> Secret:
    text = f"redis://:{run(rng, ALNUM, 16)}@{rng.choice(_HOSTS)}:6379/0"
    return Secret(text, Kind.URL_CREDENTIALS, "url redis nameless")


def _pem(rng: Random, name: str, lead: str = "") -> Secret:
    word = f"{name}PRIVATE" + " KEY"
    body = base64.b64encode(rng.randbytes(150)).decode()
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    text = f"-----BEGIN {word}-----\n{lines}\n-----END {word}-----"
    return Secret(text, Kind.PRIVATE_KEY, f"pem {name.strip()}", lead)


def _jwt(rng: Random, algorithm: str, lead: str = "") -> Secret:
    claims = {
        "sub": run(rng, DIGITS, 8),
        "role": rng.choice(("admin", "user")),
        "iat": 1_700_000_000,
    }
    parts = ({"alg": algorithm, "typ": "JWT"}, claims)
    encoded = [_web64(json.dumps(part, separators=(",", ":")).encode()) for part in parts]
    return Secret(
        ".".join((*encoded, _web64(rng.randbytes(32)))), Kind.JWT, f"jwt {algorithm}", lead
    )


def _web64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _password(rng: Random, lead: str, tail: str = "") -> Secret:
    return Secret(password(rng), Kind.PASSWORD, f"password {lead.strip()}", lead, tail)


SEEN: tuple[Draw, ...] = (
    partial(_key, shapes=_SEEN_KEYS),
    partial(_key, shapes=_SEEN_KEYS, lead="api_key="),
    partial(_url, schemes=("postgres", "https", "mongodb+srv"), end="/main"),
    _url_nameless,
    partial(_pem, name="RSA "),
    partial(_pem, name=""),
    partial(_jwt, algorithm="HS256"),
    partial(_jwt, algorithm="HS256", lead="Authorization: Bearer "),
    partial(_password, lead="password: "),
    partial(_password, lead="密码："),
    partial(_password, lead="the password is "),
)
HELD_OUT: tuple[Draw, ...] = (
    partial(_key, shapes=_HELD_OUT_KEYS),
    partial(_key, shapes=_HELD_OUT_KEYS, lead='"secretKey":"'),
    partial(_url, schemes=("mysql", "ftp", "amqps"), end=":3306/shop?tls=1"),
    partial(_url, schemes=("smtp", "git+https", "ldap"), end=""),
    partial(_pem, name="OPENSSH "),
    partial(_pem, name="EC ", lead="cert key:\n"),
    partial(_jwt, algorithm="RS256"),
    partial(_jwt, algorithm="ES256", lead="token="),
    partial(_password, lead="pwd="),
    partial(_password, lead="登录口令是 "),
    partial(_password, lead="passwd -> "),
    partial(_password, lead='"password":"', tail='"'),
)
