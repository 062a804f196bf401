"""Words that say of a number that it is of an order, a parcel or a batch, and of no person."""

import re

_ORDER = re.compile(
    r"(?:订单|单号|流水|运单|快递|编号|批号|批次|追溯码|序列|型号|order|invoice|tracking|serial|sku|part|batch)"
    r"[^0-9\n]{0,12}$",
    re.IGNORECASE,
)
_REACH = 16


def is_after_order(text: str, start: int) -> bool:
    """Say whether such a word stands shortly before this place, with no number between."""
    return _ORDER.search(text, max(0, start - _REACH), start) is not None
