"""Looking into artifacts, by keys in the real application."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import threading
import unicodedata
import zipfile
from base64 import b64decode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from zlib import crc32

import pytest
from PIL import Image
from textual import events
from textual.keys import _character_to_key

from mltrack_tui.app.application import MltrackApp
from mltrack_tui.config.settings import Config
from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.filter import Words
from mltrack_tui.preview.file import GUARD
from mltrack_tui.preview.folding import Folding
from mltrack_tui.screens.preview.drawing import Sixels
from mltrack_tui.screens.preview.image import ImageView
from mltrack_tui.screens.preview.place import PreviewPlace
from mltrack_tui.sources.base import SourceError
from tests.screens.given import HeldSource, workshop
from tests.screens.harness import PATIENCE, Explorer, explore

CANDIDATE = "01" * 16
LOG = b"".join(b"%d a line of the log\n" % number for number in range(1, 50_001))
EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\u202e[bold]\x00"


@asynccontextmanager
async def look_into(
    files: Mapping[str, bytes],
    name: str | None = None,
    size: tuple[int, int] = (100, 24),
    source: HeldSource | None = None,
    config: Config | None = None,
) -> AsyncIterator[Explorer]:
    """The application with one of some files opened, the first if not told otherwise."""
    source = source or workshop()
    source.files[CANDIDATE] = dict(files)
    artifacts = [Artifact(path, is_dir=False, size=len(data)) for path, data in files.items()]
    async with explore(source, size, config=config) as explorer:
        await explorer.shows("digits")
        here = CandidateId("default", "1", "digits", CANDIDATE)
        index = list(files).index(name) if name is not None else 0
        place = PreviewPlace(explorer.place.session, ("digits", "adam-wide"), here, artifacts, index)
        await explorer.app.push_screen(place)
        await explorer.until(lambda: place.view is not None or explorer.app.screen is not place)
        yield explorer


def png(size: tuple[int, int] = (40, 20)) -> bytes:
    written = io.BytesIO()
    Image.linear_gradient("L").resize(size).save(written, "PNG")
    return written.getvalue()


def zipped(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, "inside")
    return written.getvalue()


def tarred(*names: str) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for name in names:
            about = tarfile.TarInfo(name)
            about.size = 6
            archive.addfile(about, io.BytesIO(b"inside"))
    return written.getvalue()


def in_two(packed: bytes, pack: Callable[[bytes], bytes]) -> bytes:
    """The same, packed as two parts one behind the other, as parallel gzip does it."""
    whole = gzip.decompress(packed)
    return pack(whole[:700]) + pack(whole[700:])


def notebook(source: str, output: str) -> bytes:
    outputs = [{"output_type": "stream", "text": [output]}]
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", source]},
        {"cell_type": "code", "execution_count": 7, "source": source, "outputs": outputs},
    ]
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode()


async def test_a_long_text_is_read_where_it_is_looked_at_and_searched_as_far_as_is_said() -> None:
    source = workshop()
    async with look_into({"train.log": LOG}, source=source) as explorer:
        await explorer.shows("1 a line", "lines 1–")
        assert source.calls.count("content") == 1
        await explorer.press("G")
        await explorer.shows("50000 a line")
        await explorer.press("k", "ctrl+u", "j", "ctrl+d")
        await explorer.shows("50000 a line")
        await explorer.press("g", "/")
        await explorer.type("LINE")
        await explorer.press("enter")
        await explorer.tells("“LINE” is not found from here to the end.")
        await explorer.press("/")
        for key in "30000":  # typed ahead of what it is typed into
            explorer.app.post_message(events.Key(_character_to_key(key), key))
        await explorer.press("enter")
        await explorer.shows("30000 a line")
        await explorer.press("escape", "escape")
        await explorer.until(lambda: not isinstance(explorer.app.screen, PreviewPlace))


async def test_a_line_without_an_end_is_cut_wrapped_and_scrolled() -> None:
    async with look_into({"one.txt": b"0123456789" * 100_000}, size=(61, 12)) as explorer:
        await explorer.shows("0123456789012345", "↳")
        first = explorer.lines[3:6]
        await explorer.press("l")
        await explorer.shows("8901234567890123")
        await explorer.press("h", "=")
        await explorer.until(lambda: explorer.lines[4].strip().startswith("↳  56789012"))
        await explorer.press("G")
        await explorer.shows("56789\n")
        await explorer.press("=", "g")
        await explorer.until(lambda: explorer.lines[3:6] == first)


async def test_a_log_is_followed_as_it_grows_and_as_it_begins_anew() -> None:
    source = workshop()
    async with look_into({"train.log": b"begun\n"}, source=source) as explorer:
        explorer.place.session.live.every = 0.02
        await explorer.press("F")
        await explorer.tells("follows")
        source.files[CANDIDATE]["train.log"] += b"half a "
        await explorer.shows("half a")
        await explorer.press("y", "p")
        source.files[CANDIDATE]["train.log"] += b"line\nlast\n"
        await explorer.shows("half a line", "last")
        assert "Copied path" in explorer.status
        await explorer.press("k")
        await explorer.tells("lines 1–3 of 3")
        await explorer.press("F")
        source.files[CANDIDATE]["train.log"] = b"anew\n"
        await explorer.shows("anew", "lines 1–1 of 1")
        await explorer.press("escape")
        await explorer.until(lambda: "follows" not in explorer.status)


async def test_a_tab_that_is_wanted_while_another_file_is_opened_is_opened_of_that() -> None:
    source = workshop()
    files = {"a.json": b'{"first": 1}', "b.json": b'{"second": 2}'}
    async with look_into(files, source=source) as explorer:
        await explorer.shows("first", "Text")
        text = explorer.lines[1].split().index("Text")
        source.hold("content")
        await explorer.press("]")
        await explorer.until(lambda: "content" in source.waiting)
        await explorer.press(str(text + 1))
        source.release()
        await explorer.shows('1  {"second": 2}')


async def test_a_file_that_cannot_be_read_does_not_show_the_one_before() -> None:
    source = workshop()
    async with look_into({"a.txt": b"of the first", "b.txt": b"of the second"}, source=source) as explorer:
        await explorer.shows("of the first")
        source.fail_at("content", SourceError("The disk is gone."))
        await explorer.press("]")
        await explorer.shows("b.txt", "The disk is gone.")
        await explorer.lacks("of the first")
        source.mend()
        await explorer.press("r")
        await explorer.shows("of the second")


async def test_what_an_archive_holds_is_sorted_by_its_columns_and_the_cursor_stays() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in ("b", "c", "a"):
            archive.writestr(name, name * {"a": 30, "b": 10, "c": 20}[name])
    async with look_into({"a.zip": written.getvalue()}) as explorer:
        await explorer.tells("name  b")
        await explorer.press("{")
        await explorer.shows("▲name")
        assert [line.split()[0] for line in explorer.lines[4:7]] == ["a", "b", "c"]
        await explorer.tells("name  b")
        await explorer.press("l", "}")
        await explorer.shows("▼size")
        assert [line.split()[0] for line in explorer.lines[4:7]] == ["a", "c", "b"]


async def test_of_a_table_that_is_written_anew_while_it_is_read_no_row_of_before_stays() -> None:
    source = workshop()
    before, after = (b"number\n" + b"".join(b"%d\n" % (7 * at) for at in range(rows)) for rows in (200_000, 100_000))
    async with look_into({"a.csv": before}, source=source) as explorer:
        await explorer.shows("rows read of about")
        source.files[CANDIDATE]["a.csv"] = b"other " + after
        await explorer.press("G")
        await explorer.shows("100,000 rows · 1 column · begun again: the file was written anew", "other number")
        await explorer.tells("699993")
        await explorer.press("g")
        await explorer.tells("1/100,000")


async def test_who_goes_elsewhere_while_the_end_is_read_is_not_taken_there() -> None:
    source = workshop()
    rows = b"number\n" + b"".join(b"%d\n" % number for number in range(300_000))
    async with look_into({"train.log": LOG * 3, "a.csv": rows}, source=source) as explorer:
        source.hold("content")
        await explorer.press("F")
        await explorer.until(lambda: "content" in source.waiting)
        await explorer.press("g")
        await explorer.until(lambda: "content" in source.cancelled)
        source.release()
        await explorer.press("]")
        await explorer.shows("column")
        source.hold("content")
        await explorer.press("G")
        await explorer.until(lambda: "content" in source.waiting)
        await explorer.press("g")
        source.release()
        await explorer.shows("300,000 rows · 1 column")
        await explorer.tells("1/300,000")


WRITTEN = {
    "a.txt": (f"first {EVIL} last\nnext".encode(), ("first", "last", "next")),
    "a.py": (f"x = 1  # {EVIL}".encode(), ("x = 1",)),
    "a.md": (f"# Title\n\n{EVIL} *word*\n\n[link](http://x)".encode(), ("Title", "word", "http://x")),
    "a.ipynb": (notebook(f"y = 2  # {EVIL}", f"out {EVIL} put"), ("Title", "In [7]", "y = 2", "│ out")),
    "a.zip": (zipped("one.txt", EVIL.replace("\0", "") + "two"), ("one.txt", "two", "2 entries")),
    "a.tar.gz": (tarred("one.txt", EVIL.replace("\0", "") + "two"), ("one.txt", "two", "2 entries")),
    **{
        f"parts.tar.{ending}": (in_two(tarred("one.txt", "two"), pack), ("one.txt", "two", "2 entries"))
        for ending, pack in (("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress))
    },
    "a.bin": (bytes(range(256)) + EVIL.encode(), ("000000", "00 01 02", "ABCDEFG")),
}
"""What others wrote, by its name, and what is shown. Named by that alone: archives hold the time they were made."""


@pytest.mark.parametrize("name", WRITTEN)
async def test_what_somebody_wrote_is_shown_without_doing_anything(name: str) -> None:
    data, shown = WRITTEN[name]
    async with look_into({name: data}) as explorer:
        await explorer.shows(*shown)
        codes = [each for each in explorer.text if unicodedata.category(each) in {"Cc", "Cf"} and each != "\n"]
        assert not codes


async def test_images_are_drawn_zoomed_and_refused_in_words_and_the_next_file_is_a_key_away() -> None:
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + png()[24:29]
    huge = png()[:12] + header + crc32(header).to_bytes(4, "big") + png()[33:]
    async with look_into({"a.png": png(), "huge.png": huge, "b.txt": b"text"}) as explorer:
        await explorer.shows("▀▀▀▀", "40×20 pixels", "1 of 3")
        await explorer.press("+", "l")
        await explorer.tells("2× zoom")
        await explorer.press("0")
        await explorer.until(lambda: "zoom" not in explorer.status)
        await explorer.press("]")
        await explorer.shows("huge.png", "89 50 4e 47", "larger than any that is decoded")
        await explorer.press("]")
        await explorer.shows("3 of 3", "1  text", "lines 1–1 of 1")
        await explorer.press("]")
        await explorer.shows("b.txt", "This is the last file here.")
        await explorer.press("tab")
        await explorer.shows("74 65 78 74")
        await explorer.press("[", "[")
        await explorer.shows("89 50 4e 47", "1 of 3")  # who chose bytes sees bytes
        await explorer.press("1")
        await explorer.shows("▀▀▀▀")


async def test_a_terminal_with_graphics_has_an_image_for_as_long_as_it_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(MltrackApp, "_send", lambda _, codes: sent.append(codes))
    async with look_into(
        {"a.png": png(), "b.txt": b"beside it"}, config=Config(images="kitty", cell_pixels=(8, 16))
    ) as explorer:
        await explorer.shows("\U0010eeee\u0305\u0305", "40×20 pixels")
        begin, *others = [part.partition(";") for part in sent[-1].removesuffix("\x1b\\").split("\x1b\\")]
        assert begin[0].startswith("\x1b_Ga=T,U=1,q=2,f=100,i=24535,c=100,")
        with Image.open(io.BytesIO(b64decode("".join(data for *_, data in (begin, *others))))) as image:
            assert image.size == (600, 300)
        await explorer.press("2")
        await explorer.shows("89 50 4e 47")
        await explorer.press("]")
        await explorer.shows("beside it")
        assert sent[-1] == "\x1b_Ga=d,d=I,q=2,i=24535\x1b\\"


async def test_sixels_are_sent_over_half_blocks_and_over_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(MltrackApp, "_send", lambda _, codes: sent.append(codes))
    config = Config(images="sixel", cell_pixels=(8, 16))
    async with look_into({"a.png": png((400, 200)), "b.txt": b"beside it"}, config=config) as explorer:
        drawing = explorer.app.screen.query_one(ImageView)._drawing
        assert isinstance(drawing, Sixels)

        async def nothing_comes_where(*texts: str) -> None:
            await explorer.shows(*texts)
            before = len(sent)
            await explorer.until(lambda: drawing._due is None)
            assert len(sent) == before

        await explorer.until(lambda: bool(sent))
        # 100 × 19 cells have 800 × 304 pixels: 608 × 304 of them in the middle, which is 76 columns
        assert sent[-1].startswith('\x1b7\x1b[4;13H\x1bP0;1;0q"1;1;608;304#')
        await explorer.press("question_mark")
        await nothing_comes_where("esc closes")
        sent.clear()
        await explorer.press("escape")
        await explorer.until(lambda: bool(sent))
        whole = sent[-1]
        await explorer.press("+")
        await explorer.tells("2× zoom")
        await explorer.until(lambda: sent[-1] != whole)
        await explorer.press("2")
        await nothing_comes_where("89 50 4e 47")
        await explorer.press("]")
        await nothing_comes_where("beside it")


async def test_much_is_read_only_after_a_question() -> None:
    async with look_into({"a.png": png() + bytes(GUARD)}) as explorer:
        await explorer.shows("have to be read", "enter reads it")
        await explorer.press("escape")
        await explorer.shows("89 50 4e 47", "would have read 31.9 MB")
        await explorer.press("1")
        await explorer.shows("enter reads it")
        await explorer.press("enter")
        await explorer.shows("▀▀▀▀")


async def test_who_comes_across_a_broken_archive_is_told_and_sees_its_bytes() -> None:
    async with look_into({"a.zip": zipped("x")[:60]}) as explorer:
        await explorer.shows("50 4b 03 04", "no directory at its end")


async def test_a_filter_of_a_tree_that_comes_late_leaves_the_cursor_where_somebody_moved_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, wanted = Folding.found, threading.Event()

    def late(folding: Folding, where: Words) -> Folding:
        wanted.wait(PATIENCE)
        return found(folding, where)

    monkeypatch.setattr(Folding, "found", late)
    async with look_into({"a.json": b'{"a1": 1, "b": 2, "a3": 3, "a4": 4}'}) as explorer:
        await explorer.shows("a1", "a4")
        await explorer.press("/", "a", "enter", "j")
        await explorer.tells("2/4")
        wanted.set()
        await explorer.tells("2/3")
        await explorer.tells("a3  3")


async def test_a_folded_tree_is_filtered_by_words_of_keys_and_values_and_is_then_as_it_was() -> None:
    written = json.dumps({"model": {"layers": [{"units": 64}, {"name": "wide"}]}, "seed": 7}).encode()
    async with look_into({"a.json": written}) as explorer:
        await explorer.shows("▸ model", "seed")
        await explorer.press("/")
        await explorer.type("layers WIDE")
        await explorer.shows("▾ model", "▾ layers", "▾ 1", "name")
        assert "▸ 0" not in explorer.text
        assert "seed" not in explorer.text
        await explorer.press("enter", "j", "j", "j")
        await explorer.tells("model.layers[1].name  wide")
        await explorer.press("escape")
        await explorer.shows("▸ model", "seed")
        await explorer.press("/")
        await explorer.type("nowhere")
        await explorer.shows("Nothing in it has these words.")
