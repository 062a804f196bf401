"""Where a text names a password, in the words of many languages."""

from collections.abc import Iterator
from typing import NamedTuple

from edge_agent.contract.readings import Reading

# All of these hold "pass"; the bare word is a boarding pass or a mark as well.
_OF_PASS = (
    *(
        "password",
        "passwd",
        "passphrase",
        "passcode",
        "passkey",
        "passwort",
        "passord",
        "passordet",
    ),
    *("mot de passe", "pass"),
)
# One of its words as `Reading.words` sees it, and the name; what is not ASCII parts a word.
_BY_WORD = {
    "pw": "pw",
    "pword": "pword",
    "pswd": "pswd",
    "psw": "psw",
    "kennwort": "kennwort",
    "mdp": "mdp",
    "contrasena": "contrasena",
    "contrase": "contraseña",
    "clave": "clave",
    "senha": "senha",
    "parola": "parola",
    "wachtwoord": "wachtwoord",
    "senord": "lösenord",
    "senordet": "lösenordet",
    "losenord": "losenord",
    "haslo": "haslo",
    "ifre": "şifre",
    "sifre": "sifre",
    "heslo": "heslo",
    "lozinka": "lozinka",
    "salasana": "salasana",
    "adgangskode": "adgangskode",
    "adgangskoden": "adgangskoden",
    "kata": "kata sandi",
    "secret": "secret",
    "psk": "psk",
}
# A letter that is rare elsewhere, and quick to see, before the name with it.
_BY_LETTER = {
    "码": "密码",
    "碼": "密碼",
    "令": "口令",
    "暗": "暗号",
    "ł": "hasło",
    "パ": "パスワード",
    "번": "비밀번호",
    "비": "비번",
    "ь": "пароль",
    "ó": "jelszó",
    "ẩ": "mật khẩu",
    "ס": "סיסמה",
    "ة": "كلمة المرور",
    "س": "كلمة السر",
    "ร": "รหัสผ่าน",
}
# A key opens a network where one is spoken of.
_KEYS = ("key", "schlüssel", "schluessel", "clave", "clé", "chiave", "chave", "sleutel")
_NETWORKS = frozenset(["wifi", "wlan", "wpa", "wep", "ssid", "fi"])
# What a text has that names a password at all: one of these words, parts of words or letters.
WORDS = frozenset(_BY_WORD) | _NETWORKS | {"p"}
PARTS = ("pass", "pwd")
LETTERS = frozenset(_BY_LETTER)
_NEAR_A_NETWORK = ("wifi", "wi-fi", "wlan", "wpa", "wep", "ssid")
_NETWORK_REACH, _USER_REACH = 32, 40
_USERS = ("user", "login", "logon", "account", "admin", "root", "usr", "benutzer", "账号")
# With a sign of what follows, these count also at the end of a longer word.
_GLUED = frozenset(["password", "passwd", "passwort", "passphrase", "pwd"])
_WEAK = frozenset(["secret", "clave"])
_SHARED = ("shared ", "shared-", "client ", "client_", "pre-shared ")
_VARIABLE_REACH = 24
_LATIN_END, _WORD_END = "\u0250", "\u0530"


class Cue(NamedTuple):
    """Where a password is named.

    After a weak name the value must look like one; a loose name needs no sign before it.
    """

    start: int
    end: int
    is_weak: bool = False
    is_loose: bool = True
    is_glued: bool = False
    # After "pass" nothing may come between it and the sign: one passes much to many.
    is_bare: bool = False
    # Chinese, Japanese and Korean put the value right behind the name.
    is_spaced: bool = True


def cues(reading: Reading) -> list[Cue]:
    """Return them by place."""
    names = _names(reading)
    if not names:
        return []
    found = {cue.end: cue for name in names for cue in _places(reading, name)}
    return [found[end] for end in sorted(found)]


def _names(reading: Reading) -> list[str]:
    lowered = reading.lowered
    names = list(_OF_PASS) if "pass" in lowered else []
    if "pwd" in lowered:
        names.append("pwd")
    words = reading.words
    if "p" in words and "p/w" in lowered:
        names.append("p/w")
    names += [_BY_WORD[word] for word in words & _BY_WORD.keys()]
    if not _NETWORKS.isdisjoint(words):
        names += _KEYS
    if not lowered.isascii():
        names += [name for letter, name in _BY_LETTER.items() if letter in lowered]
    # The longer name of two with the same end is the one meant.
    return sorted(names, key=len)


def _places(reading: Reading, name: str) -> Iterator[Cue]:
    lowered = reading.lowered
    start = lowered.find(name)
    while start >= 0:
        end = start + len(name)
        cue = _cue(reading, name, start, end)
        if cue is not None:
            yield cue
        start = lowered.find(name, end)


def _cue(reading: Reading, name: str, start: int, end: int) -> Cue | None:
    if name[-1] >= _WORD_END:
        return Cue(start, end, is_spaced=False)
    if _goes_on(reading.lowered, end):
        return None
    is_glued = _is_glued(reading.text, start)
    if is_glued and name not in _GLUED:
        return None
    if not _opens(reading.lowered, name, start) or _is_variable(reading.text, start, end):
        return None
    is_loose = not is_glued and _is_loose(reading, name, start)
    return Cue(start, end, name in _WEAK, is_loose, is_glued, name == "pass")


def _goes_on(text: str, end: int) -> bool:
    """Say whether the name is the begin of another word."""
    after = text[end : end + 2]
    if after[:1] in {"_", "-"}:
        return after[1:2].isalnum()
    return after[:1].isalnum() and after[0] < _WORD_END


def _is_glued(text: str, start: int) -> bool:
    """Say whether letters stand right before; dbPassword is two words."""
    before = text[start - 1 : start]
    if not before.isalpha() or before >= _LATIN_END:
        return False
    return not (text[start].isupper() and before.islower())


def _is_variable(text: str, start: int, end: int) -> bool:
    """Say whether this is put in by a shell: ${DB_PASSWORD:-none}, $PWD/here."""
    before = text[max(0, start - _VARIABLE_REACH) : start]
    opened = before.rfind("${")
    if opened >= 0:
        return before[opened + 2 :].replace("_", "").isalnum() or before.endswith("${")
    return before.endswith("$") and text[end : end + 1] in {":", "/"}


def _opens(lowered: str, name: str, start: int) -> bool:
    """Say of a key whether it is one to a network."""
    if name not in _KEYS or name in _WEAK:
        return True
    before = lowered[max(0, start - _NETWORK_REACH) : start]
    return any(map(before.__contains__, _NEAR_A_NETWORK))


def _is_loose(reading: Reading, name: str, start: int) -> bool:
    before = reading.lowered[max(0, start - _USER_REACH) : start]
    if name == "pass":
        return any(map(before.__contains__, _USERS))
    if name == "secret":
        return before.endswith(_SHARED)
    # $pwd is a variable, and of a shell the folder one is in.
    return name != "clave" and not before.endswith("$")
