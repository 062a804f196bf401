"""Files of every kind, good and bad, read by the child process."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.enums import Reason
from rag.errors import DocumentUnreadable
from rag.loaders.blocks import Block
from rag.parsing import parse
from tests.rag import samples
from tests.rag.children import run_instead

TABLE = "| Years | Days |\n| --- | --- |\n| 0 to 2 | 24 |"


Read = Callable[[str, bytes], list[Block]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reader(name: str, content: bytes) -> list[Block]:
        path = tmp_path / "upload"
        path.write_bytes(content)
        return parse(path, name=name)

    return reader


def test_markdown_keeps_headings_lists_and_tables(read: Read) -> None:
    assert read("handbook.md", samples.MARKDOWN.encode()) == [
        Block("Staff may work from home on two days a week.", heading="Handbook"),
        Block(f"{TABLE}\n| 3 or more | 28 |", heading="Handbook › Leave", is_table=True),
        Block("- ask your lead\n- tell the team", heading="Handbook › Leave"),
        Block("code stays", heading="Handbook › Leave"),
    ]


def test_html_shows_what_a_reader_sees(read: Read) -> None:
    assert read("handbook.html", samples.HTML.encode()) == [
        Block("Staff may work from home on two days.", heading="Handbook"),
        Block(TABLE, heading="Handbook › Leave", is_table=True),
        Block("- ask your lead", heading="Handbook › Leave"),
        Block("- tell the team", heading="Handbook › Leave"),
    ]


def test_word_keeps_headings_lists_and_tables(read: Read) -> None:
    assert read("handbook.docx", samples.word()) == [
        Block("Staff may work from home on two days.", heading="Handbook"),
        Block(TABLE, heading="Handbook › Leave", is_table=True),
        Block("- ask your lead", heading="Handbook › Leave"),
    ]


def test_pdf_keeps_pages_headings_and_tables(read: Read) -> None:
    [text, table, second] = read("travel.pdf", samples.pdf())

    assert text.text == ("Trains are booked in second class. " * 12).strip()
    assert (text.page, text.heading) == (1, "Travel rules")
    assert table == Block(
        "| City | Nightly limit |\n| --- | --- |\n| Berlin | 140 euros |\n| Paris | 180 euros |",
        page=1,
        heading="Travel rules",
        is_table=True,
    )
    assert (second.text, second.page) == ("This is page number 2.", 2)


def test_chinese_pdf_joins_lines_without_blanks(read: Read) -> None:
    [block] = read("rules.pdf", samples.chinese_pdf())

    assert block.text == "员工每年享有十五天带薪年假，入职满三年后增加到二十天。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_read_in_every_usual_encoding(read: Read, encoding: str) -> None:
    content = "第一段。\r\n\r\n第二段，\r\n接着说。".encode(encoding)

    assert [block.text for block in read("a.txt", content)] == ["第一段。", "第二段，接着说。"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("nothing.pdf", b"", Reason.EMPTY),
        ("blanks.txt", b" \n\t\n", Reason.EMPTY),
        ("locked.pdf", samples.encrypted_pdf(), Reason.ENCRYPTED),
        ("locked.docx", samples.encrypted_word(), Reason.ENCRYPTED),
        ("broken.pdf", b"%PDF-1.7 nothing more", Reason.CORRUPT),
        ("broken.docx", samples.word()[:-900], Reason.CORRUPT),
        ("laughs.docx", samples.billion_laughs_docx(), Reason.CORRUPT),
        ("noise.pdf", b"\x00\x01\x02" * 900, Reason.CORRUPT),
        ("really-word.pdf", samples.word(), Reason.MISLABELLED),
        ("really-pdf.txt", samples.pdf(), Reason.MISLABELLED),
        ("really-pdf.docx", samples.pdf(), Reason.MISLABELLED),
        ("bomb.docx", samples.zip_bomb(), Reason.BOMB),
        ("program.exe", b"MZ\x90\x00", Reason.UNSUPPORTED),
        ("scan.pdf", samples.blank_pdf(), Reason.NO_TEXT),
        ("empty-page.html", b"<html><body><script>1</script></body></html>", Reason.NO_TEXT),
        ("endless.txt", b"word " * 16_000_000, Reason.TOO_LARGE),
    ],
)
def test_bad_file_is_refused_by_name(read: Read, name: str, content: bytes, reason: Reason) -> None:
    with pytest.raises(DocumentUnreadable) as refused:
        read(name, content)

    assert refused.value.reason == reason


def test_deadline_stops_a_parser_that_does_not_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_instead(monkeypatch, tmp_path, "import time; time.sleep(60)")

    with pytest.raises(DocumentUnreadable) as refused:
        parse(_some_file(tmp_path), name="a.txt", deadline_seconds=0.3)

    assert refused.value.reason == Reason.TIMEOUT


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("x = bytearray(900 * 1024**2); import os; os.abort()", Reason.OUT_OF_MEMORY),
        ("import os; os.abort()", Reason.CORRUPT),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", Reason.TIMEOUT),
        ('print(\'{"text": "half"}\')', Reason.CORRUPT),
    ],
)
def test_death_of_the_parser_has_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, reason: Reason
) -> None:
    run_instead(monkeypatch, tmp_path, code)

    with pytest.raises(DocumentUnreadable) as refused:
        parse(_some_file(tmp_path), name="a.txt")

    assert refused.value.reason == reason


def test_parser_sees_no_secret_no_network_and_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    report = (
        "import json, os, resource, socket\n"
        "from rag.loaders.child import LIMITS, give_up_rights\n"
        "give_up_rights(LIMITS)\n"
        "soft = [resource.getrlimit(kind)[0] for kind in"
        " (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)]\n"
        "names = [name for _number, name in socket.if_nameindex()]\n"
        "found = [sorted(os.environ), os.getuid(), soft, names]\n"
        "print(json.dumps({'text': json.dumps(found)}))\n"
        "print(json.dumps({'end': True}))\n"
    )
    run_instead(monkeypatch, tmp_path, report)

    [block] = parse(_some_file(tmp_path), name="a.txt")

    environment, user, limits, networks = json.loads(block.text)
    assert "DATABASE_URL" not in environment
    # Without root the child leaves into a namespace that knows no user: 65534 is shown there.
    assert user in ({65533} if os.geteuid() == 0 else {os.geteuid(), 65534})
    assert limits == [1024**3, 20, 64 * 1024**2]
    assert networks == ["lo"] or not _kernel_gives_namespaces()


def _kernel_gives_namespaces() -> bool:
    """Root may always leave the network; others only where the kernel was so configured."""
    flags = "-n" if os.geteuid() == 0 else "-Un"
    return subprocess.run(["unshare", flags, "true"], check=False).returncode == 0


def _some_file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("words")
    return path
