"""The line in which everybody's turn comes: order, bounds, room, and nobody starves."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.base.fair_line import Asker, Bounds, FairLine, Turn

BOUNDS = Bounds(slots=4, tenant_slots=2, person_slots=1, waiting=8, tenant_waiting=6)


def turn(name: str) -> Turn[str]:
    """Return a turn of the tenant and person whose letters begin the name, as in `Aa1`."""
    return Turn(Asker(name[0], name[1]), name)


def standing(names: Iterable[str], bounds: Bounds = BOUNDS) -> FairLine[str]:
    line: FairLine[str] = FairLine(bounds)
    for name in names:
        assert line.join(turn(name)) is None
    return line


def begun(line: FairLine[str]) -> list[str]:
    found = []
    while (taken := line.next()) is not None:
        found.append(taken.item)
    return found


def served(line: FairLine[str]) -> list[str]:
    """Serve all, one at a time, and return them in the order of their turns."""
    found = []
    while (taken := line.next()) is not None:
        found.append(taken.item)
        line.leave(taken)
    return found


def test_tenants_take_turns_whoever_came_first() -> None:
    line = standing(["Aa1", "Aa2", "Aa3", "Aa4", "Bb1", "Cc1", "Cc2"])

    assert served(line) == ["Aa1", "Bb1", "Cc1", "Aa2", "Cc2", "Aa3", "Aa4"]


def test_persons_of_a_tenant_take_turns_in_its_turns() -> None:
    line = standing(["Aa1", "Aa2", "Aa3", "Ab1", "Bb1", "Bb2", "Bb3"])

    assert served(line) == ["Aa1", "Bb1", "Ab1", "Bb2", "Aa2", "Bb3", "Aa3"]


def test_a_tenant_and_a_person_hold_no_more_than_their_caps() -> None:
    line = standing(["Aa1", "Aa2", "Ab1", "Ac1", "Bb1", "Bb2"])

    assert begun(line) == ["Aa1", "Bb1", "Ab1"]
    assert line.at_work_of(Asker("A", "a")) == (2, 1)


def test_a_slot_given_back_goes_to_who_may_have_it() -> None:
    line = standing(["Aa1", "Ab1", "Ac1"])
    first = line.next()
    assert first is not None
    assert begun(line) == ["Ab1"]

    line.leave(first)

    assert begun(line) == ["Ac1"]


def test_who_leaves_the_line_is_not_called() -> None:
    line: FairLine[str] = FairLine(BOUNDS)
    gone, stays = turn("Aa1"), turn("Aa2")
    for waiting in (gone, stays):
        line.join(waiting)

    line.leave(gone)
    line.leave(gone)

    assert (line.waiting, served(line)) == (1, ["Aa2"])


def test_leaving_twice_frees_one_slot() -> None:
    line = standing(["Aa1", "Ab1", "Bb1"])
    first = line.next()
    assert first is not None
    begun(line)

    line.leave(first)
    line.leave(first)

    assert (line.at_work, line.at_work_of(Asker("A", "a"))) == (2, (1, 0))


def test_a_full_line_of_a_tenant_sheds_the_last_of_its_longest_person() -> None:
    line = standing(["Aa1", "Aa2", "Aa3", "Aa4", "Ab1", "Ab2"])
    flooding, colleague = turn("Aa5"), turn("Ac1")

    assert line.join(flooding) is flooding
    shed = line.join(colleague)
    assert shed is not None
    assert shed.item == "Aa4"


def test_a_full_line_sheds_the_last_of_its_longest_tenant() -> None:
    line = standing(["Aa1", "Aa2", "Aa3", "Aa4", "Aa5", "Bb1", "Bb2", "Bb3"])

    shed = line.join(turn("Cc1"))

    assert shed is not None
    assert shed.item == "Aa5"
    assert "Cc1" in served(line)


@pytest.mark.parametrize(
    "wrong",
    [
        {"person_slots": 3},
        {"tenant_slots": 5},
        {"person_slots": 0},
        {"tenant_waiting": 9},
        {"tenant_waiting": 0},
    ],
)
def test_caps_that_contradict_each_other_are_refused(wrong: dict[str, int]) -> None:
    right = {"slots": 4, "tenant_slots": 2, "person_slots": 1, "waiting": 8, "tenant_waiting": 6}

    with pytest.raises(ValueError, match="at most"):
        Bounds(**right | wrong)


askers = st.builds(Asker, st.sampled_from("ABCD"), st.sampled_from("abc"))
# Join as this asker, or let the n-th of those that hold or wait leave.
steps = st.lists(st.one_of(askers, st.integers(0, 20)), max_size=150)
some_bounds = st.builds(
    lambda person, tenant, slots, line, more: Bounds(
        slots=person + tenant + slots,
        tenant_slots=person + tenant,
        person_slots=person,
        waiting=line + more,
        tenant_waiting=line,
    ),
    st.integers(1, 3),
    st.integers(0, 2),
    st.integers(0, 3),
    st.integers(1, 6),
    st.integers(0, 12),
)


@settings(max_examples=200, deadline=None)
@given(steps, some_bounds)
def test_whatever_comes_and_goes_caps_and_order_hold(
    moves: list[Asker | int], bounds: Bounds
) -> None:
    line: FairLine[int] = FairLine(bounds)
    alive: list[Turn[int]] = []
    begun_of: defaultdict[Asker, list[int]] = defaultdict(list)
    for number, move in enumerate(moves):
        if isinstance(move, Asker):
            newcomer = Turn(move, number)
            alive.append(newcomer)
            if (shed := line.join(newcomer)) is not None:
                alive.remove(shed)
        elif alive:
            line.leave(alive.pop(move % len(alive)))
        while (taken := line.next()) is not None:
            begun_of[taken.asker].append(taken.item)
        _assert_within(line, alive, bounds)

    for numbers in begun_of.values():
        assert numbers == sorted(numbers)


def _assert_within(line: FairLine[int], alive: list[Turn[int]], bounds: Bounds) -> None:
    working = [turn for turn in alive if turn.is_at_work]
    waiting = [turn for turn in alive if not turn.is_at_work]
    tenants = Counter(turn.asker.tenant for turn in working)
    persons = Counter(turn.asker for turn in working)
    assert (line.at_work, line.waiting) == (len(working), len(waiting))
    assert len(working) <= bounds.slots
    assert max(tenants.values(), default=0) <= bounds.tenant_slots
    assert max(persons.values(), default=0) <= bounds.person_slots
    assert len(waiting) <= bounds.waiting
    assert max(Counter(turn.asker.tenant for turn in waiting).values(), default=0) <= (
        bounds.tenant_waiting
    )
    # No slot stays empty while somebody waits who may have it.
    assert len(working) == bounds.slots or all(
        tenants[turn.asker.tenant] == bounds.tenant_slots
        or persons[turn.asker] == bounds.person_slots
        for turn in waiting
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(askers, min_size=1, max_size=60), st.integers(1, 4))
def test_nobody_starves_behind_floods_that_never_end(crowd: list[Asker], slots: int) -> None:
    bounds = Bounds(
        slots=slots, tenant_slots=slots, person_slots=slots, waiting=400, tenant_waiting=200
    )
    line: FairLine[str] = FairLine(bounds)
    for asker in crowd:
        line.join(Turn(asker, "flood"))
    line.join(Turn(Asker("A", "newcomer"), "asked"))
    tenants = len({asker.tenant for asker in crowd} | {"A"})
    persons = len({asker.person for asker in crowd if asker.tenant == "A"}) + 1

    for _turn in range(tenants * persons):
        taken = line.next()
        assert taken is not None
        if taken.item == "asked":
            return
        line.leave(taken)
        # Whoever was served asks again at once.
        line.join(Turn(taken.asker, "flood"))
    pytest.fail(f"not served within {tenants * persons} turns")
