"""A site that comes up slowly comes up: its database, its web server, its first answer."""

import fcntl
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from psycopg.pq import Ping

from config.stack import postgres, progress, supervisor
from config.stack.errors import StackError
from config.stack.places import prepare
from config.stack.postgres import Postgres
from config.stack.processes import free_port
from config.stack.progress import NothingMoves
from config.stack.records import attached
from config.stack.services import Service
from config.stack.stack import Stack
from config.stack.talk import Door, ask_aloud

STILL_SECONDS = 1.5
SLOW_SECONDS = 3.5
# Says that it is loading for a while, then serves, as a web server on a machine without time does.
SERVER = f"""
import sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

for _number in range({int(SLOW_SECONDS / 0.1)}):
    print("loading", flush=True)
    time.sleep(0.1)
HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
ENDS = "print('no such module'); raise SystemExit(3)"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "STILL_SECONDS", STILL_SECONDS)
    monkeypatch.setattr(progress, "_CPU_STEP_SECONDS", 0.02)
    monkeypatch.setattr(progress, "_SIGNS_EVERY_SECONDS", 0.1)


def house_with(program: str, empty: Path) -> supervisor.House:
    house = supervisor.House(empty, say=lambda _line: None)
    house.port = free_port()
    command = [sys.executable, "-c", program, str(house.port)]
    service = Service("web", command, log=empty / "web.log", environ={}, say=lambda _line: None)
    house._services.append(service)
    service.start()
    return house


def test_a_web_server_that_is_still_loading_is_not_torn_down(empty: Path) -> None:
    house = house_with(SERVER, empty)
    begun = time.monotonic()

    house._wait_for_web()
    seconds = time.monotonic() - begun
    house.close()

    assert seconds > SLOW_SECONDS * 0.9


def test_a_web_server_that_died_is_said_at_once_with_its_last_words(empty: Path) -> None:
    house = house_with(ENDS, empty)

    with pytest.raises(StackError, match=r"web ended .*no such module.*what was made is kept"):
        house._wait_for_web()
    house.close()


def test_a_database_that_says_it_recovers_is_waited_for(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ping = time.monotonic(), postgres.ping

    def recovering(url: str) -> Ping:
        return ping(url) if time.monotonic() - begun > SLOW_SECONDS else Ping.REJECT

    monkeypatch.setattr(postgres, "ping", recovering)

    with Stack(state, state_dir=state, want_model=False) as address:
        seconds = time.monotonic() - begun

    assert "DATABASE_URL" in address.environ
    assert seconds > SLOW_SECONDS


def test_a_database_that_refuses_our_password_is_no_matter_of_waiting(state: Path) -> None:
    server = Postgres(prepare(state, state), "not-the-password")

    with pytest.raises(StackError, match=r"refuses its own login: .*password authentication"):
        server.start()
    server.stop()


@pytest.mark.parametrize("is_busy", [True, False])
def test_a_stack_that_another_process_starts_is_waited_for_while_it_works(
    empty: Path, is_busy: bool
) -> None:
    (empty / "logs").mkdir()
    program = "while True: pass" if is_busy else "import time; time.sleep(60)"
    starter = subprocess.Popen([sys.executable, "-c", program])
    (empty / "lock").write_text(str(starter.pid))
    record = json.dumps({"pid": starter.pid, "environ": {"DATABASE_URL": "there"}})
    later = threading.Timer(SLOW_SECONDS, (empty / "stack.json").write_text, [record])
    later.start()

    with (empty / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_busy:
            assert attached(empty, empty) == {"DATABASE_URL": "there"}
        else:
            with pytest.raises(NothingMoves, match=f"the stack that process {starter.pid} starts"):
                attached(empty, empty)
    later.cancel()
    starter.kill()
    starter.wait()


class _Slow(BaseHTTPRequestHandler):
    """Takes a question at once and is silent for a while before it answers."""

    def do_POST(self) -> None:
        self.send_response(202)
        self.end_headers()
        self.wfile.write(b'{"events": "/events"}')

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        time.sleep(SLOW_SECONDS)
        ending = {"text": "18 weeks", "citations": [], "receipt": dict.fromkeys(_RECEIPT, 0)}
        self.wfile.write(f"event: done\ndata: {json.dumps(ending)}\n\n".encode())

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


_RECEIPT = ("model", "passages_used", "passages_seen", "tokens_in", "tokens_out")


@pytest.fixture
def door() -> Iterator[Door]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Door(server.server_address[1], "demo.localhost", "key")
    server.shutdown()
    server.server_close()


def test_an_answer_that_somebody_works_on_is_waited_for(door: Door) -> None:
    spoken = ask_aloud(door, "How long?", signs=time.monotonic)

    assert spoken.text == "18 weeks"


def test_an_answer_that_nobody_works_on_is_given_up(door: Door) -> None:
    with pytest.raises(NothingMoves, match="the answer has shown no sign of progress"):
        ask_aloud(door, "How long?", signs=lambda: 0)
