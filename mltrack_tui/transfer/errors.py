"""How a download fails."""


class TransferError(Exception):
    """The artifacts could not be brought here. The text is one line: what happened, to what, and what to do now."""


class TargetExistsError(TransferError):
    """Something of that name is there already; nothing was copied, and it was not touched."""
