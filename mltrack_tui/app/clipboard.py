"""How text gets to the clipboard of the terminal a user sits at, through whatever lies between."""

import base64
from collections.abc import Mapping

from mltrack_tui.app.tmux import handed_on

_CHUNK = 512
"""Bytes in one of screen's strings, which may have 768."""


def clipboard_codes(text: str, environment: Mapping[str, str]) -> str:
    """What to send: OSC 52 (xterm's "Manipulate Selection Data"), within tmux or screen wrapped for the one outside.

    tmux takes the plain form with ``set-clipboard on`` and hands on the wrapped one with ``allow-passthrough on``;
    which of them is set cannot be told from in here, so it gets both.
    """
    plain = f"\x1b]52;c;{base64.b64encode(text.encode('utf-8', 'replace')).decode()}\x07"
    if environment.get("TMUX"):
        return plain + handed_on(plain)
    if environment.get("STY"):
        chunks = (plain[start : start + _CHUNK] for start in range(0, len(plain), _CHUNK))
        return "".join(f"\x1bP{chunk}\x1b\\" for chunk in chunks)
    return plain
