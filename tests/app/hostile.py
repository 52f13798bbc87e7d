"""A store in which every text wants to do something to the terminal."""

import re
import shutil
import sqlite3
from pathlib import Path

STORE = Path(__file__).parents[1] / "stores" / "mlflow-3.17.2.db"
MARK = "PAYLOAD"
"""What each hostile sequence has in it, so that it is found among the bytes."""
TEXTS = (
    "[/] [bold]b[/bold] [link=x]y[/link]",
    "[@click=app.quit]press me[/]",
    f"a\x1b]0;{MARK}\x07b",
    f"a\x1b]52;c;{MARK}\x07b",
    f"a\x9d0;{MARK}\x9cb\x9b31m{MARK}",
    f"a\x1b[31m{MARK}\x1bc\x1b[2J",
    f"a\x1bP{MARK}\x1b\\b\x1b_{MARK}\x1b\\",
    f"bell\x07{MARK} \x08\x08 nul\x00 {MARK}\x7f",
    f"one\ntwo\r\n\tthree {MARK}",
    "\u202egnal thgir\u2066 \u200f\u061c",
    "日本語日本語日本語 🚀👩‍👩‍👧 e\u0301",
    "x" * 100_000,
    "# Note\n\n[press](https://x.example) \x1b]8;;https://x.example\x1b\\ " + MARK,
)
HARM = re.compile(
    rb"\x1b[\]PX^_][^\x1b\x07]*PAYLOAD"  # a string that the terminal obeys
    rb"|\x1bc|\x07|\x00|\x7f|\x08"  # a reset, a bell and other codes that the program has no use for
    rb"|\xc2[\x80-\x9f]"  # C1, as UTF-8
    rb"|\x1b\[31mPAYLOAD|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xd8\x9c"  # bidirectional controls
    rb"|\x1b\]8;"  # a link
)
"""What must never be among the bytes that are sent."""


def make_hostile(folder: Path) -> Path:
    """Write the store into a folder, beside artifacts of hostile names."""
    store, artifacts = folder / "mlflow.db", folder / "artifacts"
    shutil.copyfile(STORE, store)
    connection = sqlite3.connect(store)
    with connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        runs = [row[0] for row in connection.execute("SELECT run_uuid FROM runs WHERE lifecycle_stage = 'active'")]
        connection.execute("UPDATE runs SET experiment_id = 1")
        connection.execute("UPDATE experiments SET name = ? WHERE experiment_id = 1", (TEXTS[2] + TEXTS[4],))
        connection.execute(
            "INSERT OR REPLACE INTO experiment_tags (key, value, experiment_id) VALUES ('mlflow.note.content', ?, 1)",
            (TEXTS[5],),
        )
        for number, text in enumerate(TEXTS):
            _write(connection, runs[number % len(runs)], number, text)
        for run in runs:
            connection.execute("UPDATE runs SET artifact_uri = ? WHERE run_uuid = ?", (artifacts.as_uri(), run))
            connection.execute(
                "INSERT OR REPLACE INTO tags (key, value, run_uuid) VALUES ('mlflow.note.content', ?, ?)",
                ("\n\n".join(TEXTS), run),
            )
        broken = "UPDATE params SET value = CAST(x'ff41ed a080' AS TEXT) WHERE rowid = 1"
        connection.execute(broken.replace(" a080", "a080"))  # a lone surrogate, and what is no UTF-8 at all
    connection.close()
    for text in TEXTS[:11]:
        name = text.replace("/", "_").replace("\x00", "")[:80]
        (artifacts / f"d{name}").mkdir(parents=True)
        (artifacts / f"d{name}" / name).write_bytes(b"content")
    return store


def _write(connection: sqlite3.Connection, run: str, number: int, text: str) -> None:
    named = (text, run)
    connection.execute("UPDATE runs SET name = ?1, user_id = ?1, source_name = ?1 WHERE run_uuid = ?2", named)
    connection.execute("INSERT OR REPLACE INTO params (key, value, run_uuid) VALUES ('p' || ?1, ?1, ?2)", named)
    connection.execute("INSERT OR REPLACE INTO tags (key, value, run_uuid) VALUES ('t' || ?1, ?1, ?2)", named)
    connection.execute("INSERT OR REPLACE INTO tags (key, value, run_uuid) VALUES ('mlflow.user', ?1, ?2)", named)
    for table in ("latest_metrics", "metrics"):
        connection.execute(
            f"INSERT INTO {table} (key, run_uuid, value, timestamp, step, is_nan) VALUES ('m' || ?1, ?2, 1, 2, 3, 0)",
            named,
        )
    connection.execute(
        "INSERT INTO datasets VALUES (?2, 1, ?1, ?2, ?1, ?1, ?1, ?1)", (f"{number}{text}", f"digest{number}")
    )
    connection.execute(
        "INSERT INTO inputs VALUES (?1, 'DATASET', ?2, 'RUN', ?3, 0)", (f"i{number}", f"digest{number}", run)
    )
    connection.execute("INSERT INTO input_tags VALUES (?1, 'mlflow.data.context', ?2)", (f"i{number}", text))
