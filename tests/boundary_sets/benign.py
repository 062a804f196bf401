"""Ordinary business sentences in English and Chinese, full of numbers and without a secret."""

import re
from collections.abc import Callable
from random import Random

from tests.boundary_sets.chinese_slots import PLAIN_SLOTS
from tests.boundary_sets.drawing import DIGITS, HEX, grouped, run
from tests.boundary_sets.labelled import Labelled

_SLOT = re.compile(r"\{(\w+)\}")
_ENGLISH = (
    "We shipped {many} units of {goods} on {date}, order {order}.",
    "Invoice INV-{order} for {price} is due within {few} days.",
    "Revenue grew by {percent} in {year}, against {percent} in the year before.",
    "Please upgrade to version {version} before {date}.",
    "The meeting moved to {clock} in room {room}.",
    "Ticket {ticket} was closed after {few} comments.",
    "Commit {hash} broke the build at {stamp}.",
    "Request {uuid} took {many} ms.",
    "See section {few}.{few} on page {many} of the report.",
    "The part {part} replaces {part} from batch {order}.",
    "Flight {flight} leaves at {clock}, gate {few}.",
    "Our offer: {many} pieces at {price} each, {percent} off above {many}.",
    "Under Article {few}({few}) of Regulation (EU) {year}/{many}, records are kept {few} years.",
    "The survey had {many} answers; {percent} were positive.",
    "Table {few} lists {many} rows and {few} columns.",
    "Deliver {few} pallets of {goods}, {size} each, between {clock} and {clock}.",
    "Q{quarter} {year} closed at {price}, up {percent}.",
    "ISO {iso}:{year} was audited on {date} by {few} people.",
    "The course starts in week {few} and costs {price}.",
    "Error {code} appears {many} times in the log of {date}.",
    "Call the office between {clock} and {clock}; for emergencies dial 112.",
    "Warehouse {few} holds {many} boxes of {goods}, tracking {tracking}.",
    "Read ISBN {isbn}, chapters {few} to {few}.",
    "Budget {year}: {price} for travel, {price} for training.",
    "Build {version}.{many} passed {many} of {many} tests.",
    "Meeting ID {meeting}, starting {date} at {clock}.",
    "Score {few}:{few} after {few} rounds, says the newsletter of {date}.",
    "The lease covers {many} square metres for {few} years at {price} a month.",
    "Barcode {barcode} is missing on {few} cartons.",
    "Set timeout={many} and retries={few}, then restart the service.",
)
_CHINESE = (
    "{date}共发出{many}件{goods}，订单{order}。",
    "本月销售额{price}，环比增长{percent}。",
    "请在{date}{clock}前提交第{few}版方案。",
    "会议室{few}已预订，{clock}开始，约{few}人参加。",
    "系统{version}上线后响应时间降到{many}毫秒。",
    "第{few}章第{few}节讲的是{goods}的采购流程。",
    "{firm}今年招聘{few}人，培训预算{price}。",
    "合格率{percent}，共抽检{many}件，批号{order}。",
    "差旅标准：每晚{price}，最多{few}晚。",
    "{statute}文件要求{date}前完成整改。",
    "提交{hash}修复了{few}个缺陷。",
    "{stamp} 任务完成，处理{many}条记录。",
    "请求{uuid}已重试{few}次。",
    "库房剩{goods}{many}箱，{size}规格的缺货。",
    "{train}次{clock}到站，晚点{few}分钟。",
    "书号{isbn}的教材订了{many}册。",
    "满意度调查收回{many}份，好评{percent}。",
    "拨打{hotline}可查询进度，{few}个工作日内答复。",
)


def benign_sentences(count: int, seed: int) -> list[Labelled]:
    """Return `count` sentences without a secret, half of them English, half Chinese, in turn."""
    rng = Random(f"benign {seed}")
    chosen = []
    for at in range(count):
        frames, slots = ((_ENGLISH, _SLOTS), (_CHINESE, PLAIN_SLOTS))[at % 2]
        frame = frames[at // 2 % len(frames)]
        chosen.append(Labelled(_filled(frame, slots, rng), (), f"benign {frame}"))
    return chosen


def _filled(frame: str, slots: dict[str, Callable[[Random], str]], rng: Random) -> str:
    return _SLOT.sub(lambda slot: slots[slot[1]](rng), frame)


def _date(rng: Random) -> str:
    year, month, day = rng.randrange(2018, 2027), rng.randrange(1, 13), rng.randrange(1, 29)
    name = rng.choice(("January", "March", "May", "July", "October", "December"))
    return rng.choice((f"{year}-{month:02d}-{day:02d}", f"{day} {name} {year}", f"{name} {day}"))


def _price(rng: Random) -> str:
    amount = rng.randrange(4, 900_000)
    return rng.choice((f"€{amount:,}", f"${amount:,}.{rng.randrange(100):02d}", f"{amount} EUR"))


_SLOTS: dict[str, Callable[[Random], str]] = {
    **{
        name: PLAIN_SLOTS[name]
        for name in ("order", "part", "uuid", "hash", "stamp", "flight", "isbn", "barcode")
    },
    **{name: PLAIN_SLOTS[name] for name in ("many", "few", "clock", "percent", "meeting", "size")},
    "date": _date,
    "price": _price,
    "goods": lambda rng: rng.choice(("paper", "cables", "bearings", "masks", "monitors", "tiles")),
    "year": lambda rng: str(rng.randrange(2008, 2028)),
    "version": lambda rng: f"{rng.randrange(1, 15)}.{rng.randrange(30)}.{rng.randrange(20)}",
    "room": lambda rng: f"{rng.choice('ABC')}{rng.randrange(100, 500)}",
    "ticket": lambda rng: f"{rng.choice(('OPS', 'WEB', 'HR'))}-{rng.randrange(100, 99_999)}",
    "quarter": lambda rng: rng.choice("1234"),
    "iso": lambda rng: rng.choice(("9001", "14001", "27001", "13485")),
    "code": lambda rng: rng.choice(("404", "500", f"0x8007{run(rng, HEX, 4)}", "ERR-2041")),
    "tracking": lambda rng: f"1Z {grouped(run(rng, DIGITS, 12), (3, 4, 2), ' ')}",
}
