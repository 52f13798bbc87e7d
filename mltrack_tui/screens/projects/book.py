"""What is known of a source's projects: what it told, what was counted, and what earlier visits remember."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mltrack_tui.domain.entities import Project
from mltrack_tui.state.places import KnownProject


@dataclass(slots=True, eq=False)
class ProjectLine:
    """A project in the list, which changes as more is known of it.

    Attributes:
        counted_at: when it was counted apart, in milliseconds since the epoch; None if the source told the numbers
            with the project, or nobody counted.
        opened_at: when somebody opened it last.
        told: whether the source told of it at this visit; otherwise it is only remembered.
    """

    project: Project
    counted_at: int | None = None
    opened_at: int | None = None
    told: bool = False

    @property
    def name(self) -> str:
        """What the list is filtered by."""
        return self.project.name

    @property
    def latest(self) -> int:
        """When something happened in it, or somebody opened it."""
        return max(self.project.last_activity or 0, self.opened_at or 0)

    @property
    def comes_first(self) -> bool:
        """Whether it is known to have experiments, or somebody opened it before."""
        return self.opened_at is not None or bool(self.counted_at is not None and self.project.experiments)

    def learn(self, project: Project) -> None:
        """Take in what the source tells, which may be less than is known."""
        before, self.told = self.project, True
        self.project = replace(
            project,
            experiments=before.experiments if project.experiments is None else project.experiments,
            models=before.models if project.models is None else project.models,
            last_activity=before.last_activity if project.last_activity is None else project.last_activity,
            access=before.access if project.access is None else project.access,
        )

    def count(self, project: Project, now: int) -> None:
        """Take in its numbers, as they are now."""
        self.learn(project)
        self.project = replace(self.project, experiments=project.experiments, models=project.models)
        self.counted_at = now

    def known(self) -> KnownProject:
        """What is to be remembered of it."""
        project = self.project
        counts = project.experiments, project.models, project.last_activity
        return KnownProject(*counts, self.counted_at, self.opened_at)


class ProjectBook:
    """The projects of one source, in an order that stays while somebody looks.

    Those that are known to have experiments and those that were opened before come first, with what is remembered of
    them, the latest at the top; then the others as the source has them. Who comes first is known when the list is
    begun: counting moves nothing.
    """

    def __init__(self) -> None:
        self._remembered: Mapping[str, KnownProject] = {}
        self._lines: dict[str, ProjectLine] = {}
        self._first: frozenset[str] = frozenset()
        self._listing: Sequence[str] = ()

    def recall(self, remembered: Mapping[str, KnownProject], here: str | None = None) -> None:
        """Begin with what is remembered, and with the project that somebody comes from."""
        self._remembered = remembered
        for name, known in remembered.items():
            if known.experiments or known.opened_at is not None:
                self._line(name).opened_at = known.opened_at
        first = {line.name for line in self._lines.values() if line.comes_first}
        self._first = frozenset(first if here is None else {*first, self._line(here).name})

    def list(self, projects: Sequence[Project]) -> None:
        """Have these as the source's list, as far as it came."""
        self.learn(projects)
        self._listing = [project.name for project in projects]

    def learn(self, projects: Iterable[Project]) -> None:
        """Take in what the source tells of some projects, of its list or not."""
        for project in projects:
            self._line(project.name).learn(project)

    def drop(self, name: str) -> None:
        """Have a project no longer: it is gone."""
        self._lines.pop(name, None)

    def _line(self, name: str) -> ProjectLine:
        if name not in self._lines:
            known = self._remembered.get(name, KnownProject())
            project = Project(name, known.experiments, known.last_activity, known.models)
            self._lines[name] = ProjectLine(project, known.counted_at, known.opened_at)
        return self._lines[name]

    def lines(self, found: Iterable[str] = ()) -> Sequence[ProjectLine]:
        """All of the list, and those that a search found besides."""
        first = [line for line in self._lines.values() if line.name in self._first]
        first.sort(key=lambda line: (-line.latest, line.name.casefold()))
        others = dict.fromkeys([*self._listing, *found])
        return [*first, *(self._lines[name] for name in others if name not in self._first and name in self._lines)]
