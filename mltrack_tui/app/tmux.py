"""What is said to the terminal that tmux itself is in."""


def handed_on(codes: str) -> str:
    """Codes that tmux does not read but hands on, with ``allow-passthrough on`` (as it always did before 3.3)."""
    return "\x1bPtmux;" + codes.replace("\x1b", "\x1b\x1b") + "\x1b\\"
