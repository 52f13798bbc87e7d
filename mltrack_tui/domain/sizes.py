"""Sizes in bytes as people read them."""

_UNITS = ("kB", "MB", "GB", "TB")


def bytes_text(size: int) -> str:
    """A size with a thousand bytes to the kB: ``340 B``, ``12.3 kB``, ``1.2 GB``."""
    if size < 1000:
        return f"{size} B"
    scaled = float(size)
    for unit in _UNITS:
        scaled /= 1000
        if scaled < 999.95 or unit == _UNITS[-1]:
            break
    return f"{scaled:.1f} {unit}"
