"""What the isolation trials share: ids to aim at, and the volley itself."""

import asyncio

from tests.harness.asgi import Answer
from tests.harness.world import World
from tests.trials.isolation.sending import Shot, send

AT_ONCE = 4


def aims_of(world: World) -> dict[str, str]:
    """Return an id for each kind of slot, as the world's own people would use it."""
    return world.ids | {
        "cursor": world.cursor,
        "idempotency": f"key-{world.ids['run']}",
        "event": "1-1",
    }


async def fire(planned: list[Shot], home: World, ids: dict[str, str]) -> list[tuple[Shot, Answer]]:
    """Send in order of damage; those of one order go a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(shot: Shot) -> tuple[Shot, Answer]:
        async with gate:
            return shot, await send(shot, home.tenant.host, ids)

    seen: list[tuple[Shot, Answer]] = []
    for order in sorted({shot.order for shot in planned}):
        batch = [shot for shot in planned if shot.order == order]
        seen += await asyncio.gather(*(one(shot) for shot in batch))
    return seen


def is_sent_to_sign_in(answer: Answer) -> bool:
    """A key is nothing on a page."""
    return answer.status == 302 and answer.header("location").startswith("/account/login/")
