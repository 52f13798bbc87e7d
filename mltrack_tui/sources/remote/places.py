"""The projects of a server, whatever kind of server it is."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from mltrack_tui.domain.entities import CandidateId, Experiment, Project
from mltrack_tui.domain.page import Page
from mltrack_tui.sources.base import Capabilities, SourceError
from mltrack_tui.sources.remote.holding import Holding
from server_client import RefusedError


class Places(Protocol):
    """Projects by name, each with what was fetched of it. Every question raises TrackingError."""

    @property
    def capabilities(self) -> Capabilities:
        """What this kind of server can do, as far as it is known."""
        ...

    def __getitem__(self, name: str) -> Holding:
        """What was fetched of a project, whether there is such or not. Raises SourceError: it can be no name."""
        ...

    def pages(self, search: str) -> AsyncIterator[Page[Project]]:
        """The projects, as `sources.base.Source.projects` tells them."""
        ...

    async def find(self, name: str) -> Project:
        """The project of a name. Raises SourceError where there is none."""
        ...

    def count(self, names: Sequence[str]) -> AsyncIterator[Project]:
        """Some projects with their numbers."""
        ...

    @property
    def are_all_looked_through(self) -> bool:
        """Whether `names` are all that there are."""
        ...

    async def names(self) -> Sequence[str]:
        """The projects among which a candidate is looked for by its id alone."""
        ...

    def trouble(self, name: str, error: RefusedError) -> SourceError | None:
        """What a refusal says of a project: that there is no such, or that it is closed; None where it says neither."""
        ...

    async def web_page(self, of: Project | Experiment | CandidateId) -> str:
        """The URL at which a browser shows something."""
        ...

    def forget(self) -> None:
        """Rely on nothing that may be otherwise now."""
        ...
