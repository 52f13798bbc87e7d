"""Images made small enough for cells."""

import pytest
from PIL import Image, ImageDraw

from mltrack_tui.preview.image import fitted


@pytest.mark.parametrize(("ground", "ink"), [("white", "black"), ("black", "white")])
def test_a_thin_line_of_a_large_plot_is_still_seen(ground: str, ink: str) -> None:
    plot = Image.new("RGB", (1200, 800), ground)
    pen = ImageDraw.Draw(plot)
    pen.line((300, 100, 300, 700), ink, 2)
    pen.rectangle((600, 100, 1100, 700), ink)
    pen.line((800, 200, 800, 600), ground, 2)
    small = fitted(plot, 60, 40).convert("L")
    assert small.size == (60, 40)
    seen = [abs(int(small.getpixel((x, 20))) - int(small.getpixel((0, 0)))) for x in range(60)]  # type: ignore[arg-type]
    assert sum(seen[10:20]) > 80  # of 255; 31 if nothing is done
    assert sum(255 - each for each in seen[36:45]) > 80  # in the dark, too
    assert seen[33] == seen[50] == 255
