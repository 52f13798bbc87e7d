"""Which terminals have images of their own, and what they are sent."""

import pytest

from mltrack_tui.app.graphics import graphics_of
from mltrack_tui.config.settings import Config

TMUX = {"TMUX": "/tmp/tmux-0/default,1,0", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.3a"}


def test_kitty_gets_its_codes_through_tmux_each_by_itself() -> None:
    sent: list[str] = []
    graphics, problem = graphics_of(Config(images="kitty"), TMUX, sent.append)
    assert graphics is not None
    graphics.send("\x1b_Gi=1;ab\x1b\\\x1b_Gm=0;cd\x1b\\")
    assert sent == ["\x1bPtmux;\x1b\x1b_Gi=1;ab\x1b\x1b\\\x1b\\\x1bPtmux;\x1b\x1b_Gm=0;cd\x1b\x1b\\\x1b\\"]
    assert not problem


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, ""),
        (TMUX, "tmux has sixels from 3.4 on"),
        (TMUX | {"TERM_PROGRAM_VERSION": "3.4"}, ""),
        (TMUX | {"TERM_PROGRAM_VERSION": "next-3.7"}, ""),
        ({"STY": "1.pts"}, "GNU screen lets none through"),
    ],
)
def test_where_sixels_cannot_be_it_is_said(environment: dict[str, str], told: str) -> None:
    graphics, problem = graphics_of(Config(images="sixel"), environment, print)
    assert told in problem
    assert (graphics is None) == bool(told)
