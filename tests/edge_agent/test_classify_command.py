"""`python -m edge_agent classify`, as a shell calls it."""

import json
import subprocess
import sys
from pathlib import Path

import yaml

from edge_agent.classifying import LINE_CHARS_MAX, TEXT_BYTES_MAX
from edge_agent.contract.default_policy import default_document
from tests.harness.servers import ROOT


def classify(lines: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "edge_agent", "classify", "--json", "-", *options],
        cwd=ROOT,
        input=lines.encode("utf-8", "surrogatepass"),
        capture_output=True,
        timeout=60,
        check=False,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )


def test_classify_answers_each_line_with_level_spans_mask_and_reasons() -> None:
    text = "请联系 li@example.cn"

    done = classify(json.dumps({"text": text}, ensure_ascii=False) + "\n\n")

    [answer] = [json.loads(line) for line in done.stdout.splitlines()]
    [span] = answer["spans"]
    assert (done.returncode, answer["level"], span["type"]) == (0, "L1", "EMAIL")
    assert text[span["start"] : span["end"]] == "li@example.cn"
    assert answer["masked"].startswith("请联系 [EMAIL_")
    assert answer["reasons"] == ["L1 EMAIL: form of a mail address"]


def test_classify_says_which_line_it_cannot_read_and_goes_on() -> None:
    lines = ['{"text": 3}', "not json", "[" * 100_000, '{"text": "good morning"}']

    done = classify("\n".join(lines))

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [set(each) for each in answers[:3]] == [{"error"}] * 3
    assert answers[3]["level"] == "L0"
    assert done.stderr == b""


def test_classify_bears_nul_lone_surrogates_and_length() -> None:
    texts = ["a\x00b", "\ud800 li@example.cn", "x" * 1_000_000]

    done = classify("\n".join(json.dumps({"text": text}) for text in texts))

    levels = [json.loads(line)["level"] for line in done.stdout.splitlines()]
    assert (done.returncode, levels[:2]) == (0, ["L0", "L1"])
    assert len(levels) == len(texts)


def test_classify_judges_by_the_policy_of_a_file(tmp_path: Path) -> None:
    document = {**default_document("clinic"), "kinds": {"EMAIL": "L2"}}
    path = tmp_path / "policy.yaml"
    path.write_text(yaml.safe_dump(document))

    done = classify('{"text": "li@example.cn"}', "--policy", str(path))

    assert json.loads(done.stdout)["level"] == "L2"


def test_classify_with_a_broken_policy_judges_nothing(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("schema: drawbridge-policy/1\ndefault: [")
    missing = tmp_path / "nowhere.yaml"

    broken = classify('{"text": "x"}', "--policy", str(path))
    absent = classify('{"text": "x"}', "--policy", str(missing))

    assert (broken.returncode, broken.stdout) == (1, b"")
    assert b"not YAML. Nothing was judged" in broken.stderr
    assert (absent.returncode, absent.stdout) == (1, b"")


def test_classify_calls_secret_what_is_longer_than_it_takes() -> None:
    long = json.dumps({"text": "a" * (TEXT_BYTES_MAX + 1)})

    done = classify(f"{long}\n{json.dumps({'text': 'Good morning'})}\n")

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(answer["level"], answer["masked"]) for answer in answers] == [
        ("L2", ""),
        ("L0", "Good morning"),
    ]
    assert answers[0]["reasons"] == ["L2 SIZE: longer than is judged at once"]


def test_classify_ends_with_a_message_at_a_line_that_has_no_end() -> None:
    done = classify(json.dumps({"text": "Good morning"}) + "\n" + "a" * (LINE_CHARS_MAX + 1))

    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.decode().startswith("line 2: longer than 12,000,000 characters")
