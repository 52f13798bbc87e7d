"""What is said of a list of projects of which only a part is loaded."""

from mltrack_tui.domain.text import clean
from mltrack_tui.screens.place import counted
from mltrack_tui.screens.projects.loading import ProjectLoading


def loaded(loading: ProjectLoading) -> str:
    """``100 of 2,014 projects loaded``."""
    page, number = loading.page, len(loading.book.lines())
    if page is None or page.total is None:
        return f"{counted(number, 'project')} loaded · server has more"
    return f"{number:,} of {counted(max(page.total, number), 'project')} loaded"


def found(loading: ProjectLoading, shown: int) -> str:
    """``7 of 2,014 · server asked``: how many are shown for what is typed, and what the server said to it."""
    page, answer = loading.page, loading.search.page
    if answer is None:
        words = f"{shown:,} of {len(loading.lines()):,} loaded"
        return words if loading.search.failed else f"{words} · asking …"
    if not answer.complete:
        total = answer.total
        return f"{shown:,} loaded · server has more" if total is None else f"{shown:,} of {total:,} found loaded"
    of = f" of {page.total:,}" if page is not None and page.total is not None else " found"
    return f"{shown:,}{of} · server asked"


def waited_for(loading: ProjectLoading, name: str) -> str:
    """The sentences for nothing to show as long as the source called ``name`` may have more; else ''."""
    search = loading.search
    text = clean(search.text, 200)
    if loading.page is None:
        return f"Opening {name} …"
    if not text or search.page is not None:
        return ""
    if search.failed:
        return f"No project that is loaded has “{text}” in its name.\nesc shows all again."
    return f"Asking {name} for projects with “{text}” …"
