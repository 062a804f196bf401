"""JioNLP's extractors of what a policy could name: `python -m tests.bench.peers.jionlp`."""

from collections.abc import Callable, Iterable
from typing import Any

import jionlp  # type: ignore[import-not-found]

from tests.bench.peers.answering import Row, serve


def _emails(text: str, *, detail: bool) -> list[dict[str, Any]]:
    """Return what it finds, also where it fails at naming the domain of what it found."""
    try:
        found: list[dict[str, Any]] = jionlp.extract_email(text, detail=detail)
    except AttributeError:
        starts = [(each, text.index(each)) for each in jionlp.extract_email(text)]
        return [{"text": each, "offset": (at, at + len(each))} for each, at in starts]
    return found


EXTRACTORS: dict[str, Callable[..., list[dict[str, Any]]]] = {
    "id_card": jionlp.extract_id_card,
    "phone_number": jionlp.extract_phone_number,
    "email": _emails,
    "ip_address": jionlp.extract_ip_address,
    "motor_vehicle_licence_plate": jionlp.extract_motor_vehicle_licence_plate,
}


def main() -> None:
    serve(_find, _rows)


def _find(text: str, _language: str) -> list[tuple[str, list[dict[str, Any]]]]:
    return [(name, extract(text, detail=True)) for name, extract in EXTRACTORS.items()]


def _rows(found: Iterable[tuple[str, list[dict[str, Any]]]]) -> list[Row]:
    return [(*each["offset"], name, 1.0) for name, several in found for each in several]


if __name__ == "__main__":
    main()
