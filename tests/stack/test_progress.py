"""What works is waited for however long it takes; what does nothing is given up, and said."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.stack import installing, progress
from config.stack.errors import StackError
from config.stack.processes import spawn, stop, wait_for_orphan, wait_until
from config.stack.progress import NothingMoves, Wait, Work, wait_for_end

STILL_SECONDS = 1.5
# Far more than is given to what does nothing.
SLOW_SECONDS = 3.5
SPEAKS = f"""
import time
for _number in range({int(SLOW_SECONDS / 0.1)}):
    print("at it", flush=True)
    time.sleep(0.1)
"""
WORKS = f"""
import time
ends = time.monotonic() + {SLOW_SECONDS}
while time.monotonic() < ends:
    pass
"""
LETS_WORK = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '''{WORKS}'''])"
SLEEPS = "import time; print('up to nothing', flush=True); time.sleep(60)"


class Clock:
    """A clock that goes as it is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "STILL_SECONDS", STILL_SECONDS)
    monkeypatch.setattr(progress, "_CPU_STEP_SECONDS", 0.02)
    monkeypatch.setattr(progress, "_SIGNS_EVERY_SECONDS", 0.1)


@pytest.fixture
def started(empty: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    children = []

    def start(program: str) -> subprocess.Popen[str]:
        child = spawn([sys.executable, "-c", program], log=empty / "log")
        children.append(child)
        return child

    yield start
    for child in children:
        stop(child, with_signal=9, seconds=5)


def test_what_is_waited_for_is_named_every_few_seconds() -> None:
    clock, said, moves = Clock(), list[str](), iter(range(100))
    wait = Wait("the web server", lambda: next(moves), say=said.append, clock=clock)
    since = time.strftime("%H:%M")

    for clock.now in range(12):
        wait.look("it loads")

    assert [line.partition(" since ")[0] for line in said] == ["waiting for the web server"] * 2
    assert [line.rpartition(" (")[2] for line in said] == ["5 s): it loads", "10 s): it loads"]
    assert f"since {since}" in said[0]


def test_what_moves_is_waited_for_without_end() -> None:
    clock, moves = Clock(), iter(range(10_000))
    wait = Wait("it", lambda: next(moves), say=lambda _line: None, clock=clock)

    for clock.now in range(0, 100_000, 200):
        wait.look()


def test_what_does_not_move_is_given_up_and_it_is_said_what_to_do() -> None:
    clock, said = Clock(), list[str]()
    wait = Wait("the model", lambda: 1, say=said.append, advice="see its log", clock=clock)
    clock.now = progress.STILL_SECONDS
    wait.look()
    clock.now += 1

    with pytest.raises(NothingMoves, match=r"the model has shown no .* for 300 s.*; see its log"):
        wait.look()
    assert said[0].endswith("nothing moves for 300 s")


def test_what_a_thing_says_itself_need_not_be_said_for_it() -> None:
    clock, said = Clock(), list[str]()
    wait = Wait("it", lambda: 1, say=said.append, clock=clock)

    for clock.now in range(int(2 * progress.STILL_SECONDS)):
        wait.hear()
        wait.look()

    assert said == []


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("program", [SPEAKS, WORKS, LETS_WORK], ids=["log", "cpu", "grandchild"])
def test_a_slow_child_that_does_something_is_waited_for(
    started: Callable[[str], subprocess.Popen[str]], empty: Path, program: str
) -> None:
    child = started(program)
    begun = time.monotonic()

    wait_until(
        lambda: time.monotonic() - begun > SLOW_SECONDS * 0.9, child, name="it", log=empty / "log"
    )

    assert child.poll() is None


@pytest.mark.usefixtures("impatient")
def test_a_child_that_does_nothing_is_given_up_with_the_end_of_its_log(
    started: Callable[[str], subprocess.Popen[str]], empty: Path
) -> None:
    child = started(SLEEPS)

    with pytest.raises(NothingMoves, match=r"it has shown no sign .*up to nothing"):
        wait_until(lambda: False, child, name="it", log=empty / "log")


@pytest.mark.usefixtures("impatient")
def test_a_command_that_is_given_up_is_ended(
    started: Callable[[str], subprocess.Popen[str]],
) -> None:
    child = started(SLEEPS)

    with pytest.raises(NothingMoves):
        wait_for_end(child, Wait("it", Work(lambda: [child.pid])))
    assert child.poll() is not None


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("is_busy", [True, False])
def test_an_older_server_is_waited_for_while_it_writes(
    started: Callable[[str], subprocess.Popen[str]], empty: Path, is_busy: bool
) -> None:
    child = started(WORKS if is_busy else SLEEPS)
    pid_file = empty / "pid"
    pid_file.write_text(f"{child.pid}\n")
    begun = time.monotonic()

    if is_busy:
        wait_for_orphan(pid_file, b"time", name="PostgreSQL")
    else:
        with pytest.raises(StackError, match=f"older PostgreSQL .process {child.pid}.*kill it"):
            wait_for_orphan(pid_file, b"time", name="PostgreSQL")

    assert (time.monotonic() - begun > SLOW_SECONDS * 0.8) is is_busy


def test_pip_says_what_it_is_at_and_why_it_failed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "SAID_EVERY_SECONDS", 0.1)

    status = installing.main(["--no-index", "no-such-thing-anywhere"])

    said = capfd.readouterr().err
    assert status != 0
    assert "waiting for packages to be installed since " in said
    assert "No matching distribution found for no-such-thing-anywhere" in said
    assert said.rstrip().endswith("what was downloaded is kept, so try again")
