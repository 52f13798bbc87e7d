"""Looking into artifacts, by keys in the real application."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from textual import events
from textual.keys import _character_to_key

from mltrack_tui.domain.entities import Artifact, CandidateId
from mltrack_tui.screens.preview.place import PreviewPlace
from tests.screens.given import workshop
from tests.screens.harness import Explorer, explore

CANDIDATE = "01" * 16


@asynccontextmanager
async def look_into(
    files: Mapping[str, bytes], name: str, size: tuple[int, int] = (100, 24)
) -> AsyncIterator[Explorer]:
    """The application with one of some files opened."""
    source = workshop()
    source.files[CANDIDATE] = dict(files)
    artifacts = [Artifact(path, is_dir=False, size=len(data)) for path, data in files.items()]
    async with explore(source, size) as explorer:
        await explorer.shows("digits")
        here = CandidateId("default", "1", "digits", CANDIDATE)
        place = PreviewPlace(explorer.place.session, ("digits", "adam-wide"), here, artifacts, list(files).index(name))
        await explorer.app.push_screen(place)
        await place.ready.wait()
        yield explorer


LOG = b"".join(b"%d a line of the log\n" % number for number in range(1, 50_001))


async def test_a_long_text_is_read_where_it_is_looked_at() -> None:
    async with look_into({"train.log": LOG}, "train.log") as explorer:
        await explorer.shows("1 a line", "lines 1–")
        await explorer.press("G")
        await explorer.shows("50000 a line")
        await explorer.press("g")
        await explorer.shows("lines 1–")


async def test_what_is_typed_ahead_after_the_slash_is_searched_for() -> None:
    async with look_into({"train.log": LOG}, "train.log") as explorer:
        await explorer.shows("1 a line")
        for key in "/30000":
            explorer.app.post_message(events.Key(_character_to_key(key), key))
        await explorer.press("enter")
        await explorer.shows("30000 a line")
