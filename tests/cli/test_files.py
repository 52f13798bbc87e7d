"""Artifacts by the command line: listed, printed, downloaded; continued after a kill; whatever their names are."""

import hashlib
import json
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.program import STORE, Program, environment
from tests.servers.faults import silent_in_the_body
from tests.servers.process import MlflowServer
from tests.servers.proxy import FaultyProxy
from tests.transfer.given import all_below

PROGRAM = [sys.executable, "-m", "mltrack_tui"]
NEWS = "\x1b[2Jnews\r\nä\x9b\n".encode()


@pytest.fixture
def logged(tmp_path: Path) -> Path:
    """The artifact folder of the candidate ``one``, whose store lies in ``tmp_path`` too."""
    (tmp_path / "mlflow.db").write_bytes(STORE.read_bytes())
    folder = tmp_path / "logged"
    (folder / "model" / "data").mkdir(parents=True)
    (folder / "model" / "data" / "weights.bin").write_bytes(bytes(range(256)) * 8000)
    (folder / "model" / "MLmodel").write_text("flavors: {}\n")
    (folder / "news.txt").write_bytes(NEWS)
    connection = sqlite3.connect(tmp_path / "mlflow.db")
    with connection:
        connection.execute(
            "UPDATE runs SET artifact_uri = ?, run_uuid = 'one' WHERE name LIKE 'adam [%'", [str(folder)]
        )
    connection.close()
    return folder


def test_everything_is_listed_each_folder_before_what_lies_in_it(program: Program, logged: Path) -> None:
    listed = program("artifacts", "one", "--recursive", "--format", "json")

    assert [(each["path"], each["size"]) for each in json.loads(listed.out)] == [
        ("model", None),
        ("news.txt", len(NEWS)),
        ("model/MLmodel", 12),
        ("model/data", None),
        ("model/data/weights.bin", 2_048_000),
    ]
    assert program("artifacts", "one", "model/data", "-r").out.split() == [
        "path",
        "size",
        "model/data/weights.bin",
        "2048000",
    ]


def test_cat_prints_bytes_as_they_are_and_on_a_terminal_without_control_codes(program: Program, logged: Path) -> None:
    assert program("cat", "one", "news.txt").out.encode() == NEWS
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [*PROGRAM, "cat", "one", "news.txt"], env=environment(), cwd=logged.parent, stdout=theirs, check=False
    )
    os.close(theirs)
    shown = os.read(ours, 1000)
    os.close(ours)
    assert (done.returncode, shown) == (0, "·[2Jnews\r\nä·\r\n".encode())
    assert program("cat", "one", "none.txt").status == 1
    assert program("cat", "one", "model").status == 1


def test_cat_ends_quietly_when_nobody_reads_on(logged: Path) -> None:
    (logged / "large.txt").write_bytes(b"line\n" * 2_000_000)
    script = '"$0" -m mltrack_tui cat one large.txt | head -1'
    words = ["bash", "-o", "pipefail", "-c", script, sys.executable]
    done = subprocess.run(words, env=environment(), cwd=logged.parent, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"line\n", b"")


def test_what_is_there_is_refused_skipped_or_replaced_as_the_options_say(program: Program, logged: Path) -> None:
    here = logged.parent / "here"
    (here / "model").mkdir(parents=True)
    (here / "model" / "MLmodel").write_text("mine")

    refused = program("download", "one", "model", "--to", here)
    assert (refused.status, all_below(here)) == (1, {"model": None, "model/MLmodel": b"mine"})
    assert "is there already" in refused.error
    skipped = program("download", "one", "model", "--to", here, "--skip", "--manifest", here / "SUMS")
    assert (skipped.status, skipped.out, skipped.err) == (0, f"{here}/model\n", "")
    assert (here / "model" / "MLmodel").read_text() == "mine"
    assert subprocess.run(["sha256sum", "--check", "SUMS"], cwd=here, check=False).returncode == 0
    assert "SUMS is there already" in program("download", "one", "--to", here, "--manifest", here / "SUMS").error
    assert program("download", "one", "model", "--to", here, "--force", "--jobs", "1").status == 0
    assert (here / "model" / "MLmodel").read_text() == "flavors: {}\n"
    assert program("download", "one", "--force", "--skip").status == 2
    assert program("download", "one", "model", "--manifest", "--skip", "--to", here).status == 0
    assert "  model/MLmodel\n" in (logged.parent / "SHA256SUMS").read_text()


def test_hostile_names_and_links_of_a_local_root_stay_where_they_are(program: Program, logged: Path) -> None:
    secret = logged.parent / "secret"
    secret.write_text("secret")
    hostile = ["a\nb", "..\\x", "C:x", "nul", "a.", "%2e%2e%2fx", "\x1b[2J", "CON.txt"]
    for name in hostile:
        (logged / name).write_text("data")
    (logged / "out").symlink_to(secret)
    (logged / "up").symlink_to("..")
    (logged / "round").symlink_to(".")
    os.mkfifo(logged / "pipe")
    before = {path: data for path, data in all_below(logged.parent).items() if not path.startswith("here")}

    answer = program("download", "one", "--to", logged.parent / "here")

    assert answer.status == 1
    assert answer.out == f"{logged.parent}/here/one\n"
    assert {path: data for path, data in all_below(logged.parent).items() if not path.startswith("here")} == before
    came = all_below(logged.parent / "here" / "one")
    assert {path for path in came if not path.startswith("round")} == {
        "model",
        "model/MLmodel",
        "model/data",
        "model/data/weights.bin",
        "news.txt",
    }
    assert b"secret" not in came.values()
    assert "could not be downloaded:" in answer.err
    assert answer.err.replace("\n", "").isprintable()
    assert all(repr(name)[1:3] in answer.err for name in ("out", "up", "nul"))


def killed_in_the_middle(words: list[str], part: Callable[[], Path | None], least: int, how: int) -> int:
    """Run the program until a part is so large, end it, and answer how it ended."""
    uri = {name: value for name, value in os.environ.items() if name == "MLFLOW_TRACKING_URI"}
    with subprocess.Popen(
        words, env=environment(**uri), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 60
        while (found := part()) is None or found.stat().st_size < least:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(how)
        return process.wait(60)


@pytest.mark.parametrize(("how", "status"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_a_download_from_a_server_goes_on_where_it_was_killed(
    program: Program, served: tuple[FaultyProxy, Path], logged: Path, how: int, status: int
) -> None:
    proxy, folder = served
    data = os.urandom(1 << 20) * 20
    (folder / "weights.bin").write_bytes(data)
    os.utime(folder / "weights.bin", (1e9, 1e9))  # what was written just now may be written again unseen
    proxy.plan(silent_in_the_body, path="weights.bin", times=1)
    here = logged.parent / "here"
    here.mkdir()
    words = [
        *PROGRAM,
        "download",
        "one",
        "weights.bin",
        "--to",
        str(here),
        "--source",
        str(logged.parent / "mlflow.db"),
    ]

    ended = killed_in_the_middle(words, lambda: next(here.glob("*.part"), None), 9 << 20, how)
    (part,) = here.iterdir()
    had = part.stat().st_size
    proxy.asked.clear()
    again = program(*words[3:])

    assert (ended, again.status, again.out) == (status, 0, f"{here}/weights.bin\n"), again.err
    (whole,) = here.iterdir()
    assert hashlib.sha256(whole.read_bytes()).digest() == hashlib.sha256(data).digest()
    ranges = [asked.headers.get("range") for asked in proxy.asked if "weights.bin" in asked.path]
    assert ranges == ["bytes=0-0", f"bytes={had}-"]


@pytest.fixture
def served(
    program: Program, mlflow_server: MlflowServer, faulty: FaultyProxy, logged: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[FaultyProxy, Path]]:
    """A proxy before the real server that has the artifacts of ``one``, and the folder where it has them."""
    folder = mlflow_server.artifacts / "of-one"  # of no candidate of the server's own: it is for reading
    folder.mkdir(parents=True)
    connection = sqlite3.connect(logged.parent / "mlflow.db")
    with connection:
        connection.execute("UPDATE runs SET artifact_uri = 'mlflow-artifacts:/of-one' WHERE run_uuid = 'one'")
    connection.close()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", faulty.uri)
    yield faulty, folder
    shutil.rmtree(folder)


def test_a_file_on_this_machine_goes_on_too(program: Program, logged: Path) -> None:
    with (logged / "large").open("wb") as file:
        file.truncate(1 << 28)
    here = logged.parent / "here"
    here.mkdir()
    words = [*PROGRAM, "download", "one", "large", "--to", str(here), "--source", str(logged.parent / "mlflow.db")]
    ended = killed_in_the_middle(words, lambda: next(here.glob("*.part"), None), 1 << 24, signal.SIGKILL)
    (part,) = here.iterdir()
    with part.open("r+b") as file:
        file.write(b"what came is not read again")
    again = program(*words[3:])
    (whole,) = here.iterdir()
    assert (ended, again.status) == (-9, 0)
    assert (whole.name, whole.stat().st_size) == ("large", 1 << 28)
    with whole.open("rb") as file:
        assert file.read(4) == b"what"
