"""Reading artifacts as those who show or keep them do."""

from contextlib import AbstractAsyncContextManager

from mltrack_tui.sources.artifacts import Content


async def pieces(opened: AbstractAsyncContextManager[Content]) -> list[bytes]:
    """What comes of a file, as it comes."""
    async with opened as content:
        return [chunk async for chunk in content.chunks]


async def whole(opened: AbstractAsyncContextManager[Content]) -> bytes:
    """All bytes of a file, or of the part that was asked for."""
    return b"".join(await pieces(opened))
