"""Sentences a secret is written into."""

from random import Random

from tests.boundary_sets.drawing import Secret
from tests.boundary_sets.labelled import Labelled, Marked, compose

_CLOSING = {"(": ")", "（": "）", "[": "]"}
_ENGLISH = (
    "Please note {}, and let me know.",
    "Here is what you asked for: {}",
    "Could you check {} before noon?",
    "The caller left this with us, {}, and hung up.",
    "{}",
    "We keep {} on file for the renewal.",
)
_CHINESE = (
    "请记一下{}，谢谢。",
    "这是您要的：{}",
    "麻烦核对{}，中午前回复我。",
    "客户留下的是 {} 。",
    "备注里写的是{}，别弄错了。",
)
_ENGLISH_HELD_OUT = (
    '{{"id": 7, "note": "{}", "ok": true}}',
    "| row | value |\n|---|---|\n| 1 | {} |",
    "2024-03-05T08:12:44Z INFO intake worker=3 {} status=200",
    "name;value;state\nform;{};open",
    "- first point\n- [{}]\n- last point",
    "yo can u ping me re {} thx",
)
_CHINESE_HELD_OUT = (
    "【登记】{}【完】",
    "序号,内容,状态\n1,{},已办",
    "| 项目 | 内容 |\n|---|---|\n| 一 | {} |",
    "在吗？{} 收到回个话哈~",
    "3月5日 08:12 小李：{}\n小王：好的",
    "（{}）以上信息请勿外传。",
)


def place(secret: Secret, written: str, rng: Random, *, held_out: bool) -> Labelled:
    """Return a sentence that holds `written`, a way of writing `secret`, and the words about it."""
    before, after = rng.choice(_carriers(secret, held_out=held_out)).split("{}")
    before, after = (part.replace("{{", "{").replace("}}", "}") for part in (before, after))
    closing = secret.tail or _closing(secret.lead)
    pieces = (before, secret.lead, Marked(written, secret.kind), closing, after)
    return compose(pieces, secret.format)


def _carriers(secret: Secret, *, held_out: bool) -> tuple[str, ...]:
    english = _ENGLISH_HELD_OUT if held_out else _ENGLISH
    chinese = _CHINESE_HELD_OUT if held_out else _CHINESE
    if not secret.lead:
        return english + chinese
    return english if secret.lead.isascii() else chinese


def _closing(lead: str) -> str:
    """Close the bracket or the quotation mark that the words in front leave open."""
    if lead.endswith('"'):
        return '"'
    return _CLOSING.get(lead[-1:], "")
