"""Draw the README's picture: the real application on the demonstration store, driven by keys.

Run from the checkout's root, with the test dependencies installed: ``python -m tests.picture``.
"""

import asyncio
import re
import tempfile
from pathlib import Path

from textual.pilot import Pilot

from mltrack_tui.app.application import MltrackApp
from mltrack_tui.demo import make_demo
from mltrack_tui.demo.logbook import days_ago
from mltrack_tui.screens.candidates.place import CandidatesPlace
from mltrack_tui.sources.open import open_source
from mltrack_tui.sources.opening import first_answer

PICTURE = Path(__file__).parents[1] / ".assets" / "candidates.svg"
SIZE = (124, 30)
KEYS = ("$", "left", "]", "g", "space", "space", "j")
"""Sort by the last metric but one, the best first, and mark two."""


async def picture(store: Path) -> str:
    """What the screen shows after some keys, as SVG that loads nothing from elsewhere."""
    source = open_source(str(store))
    beginning = asyncio.create_task(first_answer(source, experiment="digits"))
    app = MltrackApp(source, opening=beginning, now=lambda: days_ago(0))
    try:
        await beginning
        async with app.run_test(size=SIZE) as pilot:
            await _settled(pilot)
            for key in KEYS:
                await pilot.press(key)
                await _settled(pilot)
            return re.sub(r"@font-face\s*\{.*?\}", "", app.export_screenshot(title="mltrack"), flags=re.DOTALL)
    finally:
        await source.aclose()


async def _settled(pilot: Pilot[None]) -> None:
    """Wait until all that was asked for is on screen."""
    place = pilot.app.screen
    while not (isinstance(place, CandidatesPlace) and len(place.grid.rows)):
        await pilot.pause()
        place = pilot.app.screen
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        svg = asyncio.run(picture(make_demo(Path(folder))))
    PICTURE.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
