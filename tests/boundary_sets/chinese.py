"""Chinese sentences of offices, schools and clinics, some with secrets, some with near misses."""

import re
from random import Random

from tests.boundary_sets import chinese_near_sentences, chinese_secret_sentences
from tests.boundary_sets.chinese_slots import PLAIN_SLOTS, SECRET_SLOTS
from tests.boundary_sets.labelled import Labelled, Marked, compose

_SLOT = re.compile(r"\{(\w+)\}")
_SECRET_SHARE = 0.6
_OPENINGS = ("", "", "", "您好，", "各位同事：", "【通知】", "补充一下，", "@小周 ", "麻烦看下：")
_ENDINGS = ("", "", "", "谢谢。", "辛苦了！", "收到请回复。", "有问题再联系。")
NEAR = "near"


def chinese_sentences(
    count: int = 1000, seed: int = 6, *, held_out: bool = False
) -> list[Labelled]:
    """Return `count` sentences, three in five with secrets, in a mixed order.

    `source` names the secrets in the order of the spans ("resident,mobile"), or, after "near:",
    what is written instead ("near:order,date").
    """
    rng = Random(f"{seed} {held_out}")
    secret, near = chinese_secret_sentences, chinese_near_sentences
    frames = secret.HELD_OUT if held_out else secret.SEEN
    near_frames = near.HELD_OUT if held_out else near.SEEN
    with_secrets = round(count * _SECRET_SHARE)
    chosen = [frames[at % len(frames)] for at in range(with_secrets)]
    chosen += [near_frames[at % len(near_frames)] for at in range(count - with_secrets)]
    rng.shuffle(chosen)
    return [_filled(frame, rng) for frame in chosen]


def _filled(frame: str, rng: Random) -> Labelled:
    pieces: list[str | Marked] = [rng.choice(_OPENINGS)]
    secret, plain = [], []
    # Odd parts of the split are the names of slots.
    for at, part in enumerate(_SLOT.split(frame)):
        if at % 2 == 0:
            pieces.append(part.replace("{{", "{").replace("}}", "}"))
        elif part in SECRET_SLOTS:
            slot = SECRET_SLOTS[part]
            pieces.append(Marked(slot.fill(rng), slot.kind))
            secret.append(part)
        else:
            pieces.append(PLAIN_SLOTS[part](rng))
            plain.append(part)
    pieces.append(rng.choice(_ENDINGS) if frame.endswith(("。", "！", "？")) else "")
    return compose(pieces, ",".join(secret) or f"{NEAR}:{','.join(plain)}")
