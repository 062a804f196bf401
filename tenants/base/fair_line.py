"""Who goes next: tenant by tenant in turn, inside each person by person, with a cap for each.

Pure: no thread, no clock. Within one person the order of coming is kept. A tenant or person at
its cap is passed over, so a flood fills its own slots and waits, and everybody else's turn comes.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

Waiting = dict["Turn[T]", None]


@dataclass(frozen=True, slots=True)
class Asker:
    """On whose account something is done."""

    tenant: str
    person: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many may be at work at once, and how many may wait; inside the whole, inside a tenant."""

    slots: int
    tenant_slots: int
    person_slots: int
    waiting: int
    tenant_waiting: int

    def __post_init__(self) -> None:
        if not 0 < self.person_slots <= self.tenant_slots <= self.slots:
            raise ValueError("a person has at most its tenant's slots, a tenant at most all")
        if not 0 < self.tenant_waiting <= self.waiting:
            raise ValueError("one tenant's line is at most the whole line")


@dataclass(eq=False, slots=True)
class Turn(Generic[T]):
    """One that waits, then works; `item` is the caller's own."""

    asker: Asker
    item: T
    is_at_work: bool = field(default=False, init=False)


class FairLine(Generic[T]):
    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        # Both in the order of their turns: whoever was served goes to the end.
        self._tenants: dict[str, dict[str, Waiting[T]]] = {}
        self._waiting: Counter[str] = Counter()
        self._tenants_at_work: Counter[str] = Counter()
        self._persons_at_work: Counter[Asker] = Counter()

    @property
    def waiting(self) -> int:
        return self._waiting.total()

    @property
    def at_work(self) -> int:
        return self._tenants_at_work.total()

    def waiting_of(self, tenant: str) -> int:
        return self._waiting[tenant]

    def is_full_for(self, tenant: str) -> bool:
        return self._waiting[tenant] >= self._bounds.tenant_waiting

    def at_work_of(self, asker: Asker) -> tuple[int, int]:
        """Return how many slots the tenant and the person hold."""
        return self._tenants_at_work[asker.tenant], self._persons_at_work[asker]

    def join(self, turn: Turn[T]) -> Turn[T] | None:
        """Stand in line; return who must go for it: nobody, another, or the newcomer itself.

        The longest line loses its last one, so a flood crowds out none but its own.
        """
        asker = turn.asker
        persons = self._tenants.setdefault(asker.tenant, {})
        persons.setdefault(asker.person, {})[turn] = None
        self._waiting[asker.tenant] += 1
        if self._waiting[asker.tenant] > self._bounds.tenant_waiting:
            return self._shed(asker.tenant, asker)
        if self.waiting > self._bounds.waiting:
            tenant = max(
                self._waiting, key=lambda name: (self._waiting[name], name == asker.tenant)
            )
            return self._shed(tenant, asker)
        return None

    def next(self) -> Turn[T] | None:
        """Give a slot to whose turn it is, or return None while nobody may have one."""
        if self.at_work >= self._bounds.slots:
            return None
        # Whoever is passed over holds slots, so this looks at no more than there are.
        for tenant, persons in self._tenants.items():
            if self._tenants_at_work[tenant] >= self._bounds.tenant_slots:
                continue
            for person, turns in persons.items():
                if self._persons_at_work[Asker(tenant, person)] < self._bounds.person_slots:
                    return self._begin(next(iter(turns)))
        return None

    def leave(self, turn: Turn[T]) -> None:
        """Give back the slot, or the place in line; a second time nothing happens."""
        if turn.is_at_work:
            turn.is_at_work = False
            _count_down(self._tenants_at_work, turn.asker.tenant)
            _count_down(self._persons_at_work, turn.asker)
        elif turn in self._tenants.get(turn.asker.tenant, {}).get(turn.asker.person, {}):
            self._remove(turn)

    def _begin(self, turn: Turn[T]) -> Turn[T]:
        asker = turn.asker
        self._remove(turn)
        _to_the_end(self._tenants.get(asker.tenant, {}), asker.person)
        _to_the_end(self._tenants, asker.tenant)
        turn.is_at_work = True
        self._tenants_at_work[asker.tenant] += 1
        self._persons_at_work[asker] += 1
        return turn

    def _shed(self, tenant: str, newcomer: Asker) -> Turn[T]:
        """Take the last one of the tenant's longest line out, rather the newcomer's."""
        persons = self._tenants[tenant]
        person = max(
            persons, key=lambda name: (len(persons[name]), Asker(tenant, name) == newcomer)
        )
        last = next(reversed(persons[person]))
        self._remove(last)
        return last

    def _remove(self, turn: Turn[T]) -> None:
        asker = turn.asker
        persons = self._tenants[asker.tenant]
        del persons[asker.person][turn]
        if not persons[asker.person]:
            del persons[asker.person]
        if not persons:
            del self._tenants[asker.tenant]
        _count_down(self._waiting, asker.tenant)


K = TypeVar("K")
V = TypeVar("V")


def _to_the_end(line: dict[K, V], key: K) -> None:
    if key in line:
        line[key] = line.pop(key)


def _count_down(counter: Counter[K], key: K) -> None:
    counter[key] -= 1
    if not counter[key]:
        # Names come from outside: what is at nothing is not kept.
        del counter[key]
