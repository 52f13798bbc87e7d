"""The registered models of a project, and the versions of one of them."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.binding import BindingType

from mltrack_tui.commands import GRID, LIST, OF_MODELS, Command, hints
from mltrack_tui.domain.entities import Model, ModelVersion, version_key
from mltrack_tui.domain.filter import Words
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Heading, Row
from mltrack_tui.screens import overview_cells as cells
from mltrack_tui.screens.overview import OverviewPlace
from mltrack_tui.screens.rows import Field
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import NotFoundError
from mltrack_tui.sources.pages import listed
from mltrack_tui.widgets.cells import MISSING, Cell, Tone

_LONGEST = 200


def _text(text: str | None, tone: Tone = Tone.PLAIN) -> Cell:
    return Cell(clean(text, _LONGEST), tone) if text else MISSING


class ModelsPlace(OverviewPlace[Model]):
    """The registered models of a project."""

    BINDINGS: ClassVar[list[BindingType]] = [*OF_MODELS.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = hints(GRID, LIST, OF_MODELS)
    NOUN = "model"
    HEADINGS = (
        *(Heading("name"), Heading("versions", Form.EXACT), Heading("latest_version"), Heading("aliases")),
        *(Heading("last_update_time", Form.TIME), Heading("creation_time", Form.TIME), Heading("description")),
    )

    def __init__(self, session: Session, project: str) -> None:
        super().__init__(session)
        self._project = project
        self.path.show((session.source.name, project, "models"))

    def fields(self) -> Sequence[Field[Model]]:
        """What tells models apart."""
        return (
            Field("model", lambda m: Cell(clean(m.name, _LONGEST)), lambda m: m.name, lambda m: m.name),
            Field(
                "versions",
                lambda m: Cell(f"{len(m.versions):,}"),
                lambda m: float(len(m.versions)),
                lambda m: str(len(m.versions)),
                right=True,
            ),
            Field(
                "latest",
                lambda m: _text(_latest(m)),
                lambda m: version_key(_latest(m)) if m.latest else None,
                lambda m: _latest(m) or "none",
            ),
            Field("aliases", lambda m: _text(m.marks), lambda m: m.marks or None, lambda m: m.marks, widest=24),
            Field(
                "updated",
                lambda m: cells.ago_cell(m.last_update_time, self.session),
                lambda m: m.last_update_time,
                lambda m: cells.instant_text(m.last_update_time),
            ),
            Field(
                "description",
                lambda m: Cell(clean(m.headline, _LONGEST), Tone.DIM),
                lambda m: m.description or None,
                lambda m: m.description,
            ),
        )

    def exact(self, item: Model) -> Row:
        """The same, with all of the description."""
        known = (item.name, len(item.versions), _latest(item) or None, item.marks or None)
        return *known, item.last_update_time, item.creation_time, item.description or None

    def ask(self) -> AsyncIterator[Page[Model]]:
        """All models."""
        return self.session.source.models(self._project)

    def empty_words(self) -> str:
        """How models come about."""
        example = 'mlflow.register_model("runs:/RUN_ID/model", "name")'
        return f"No registered models here yet.\nmlflow makes one with  {example}."

    def action_experiments(self) -> None:
        """Back to the experiments, which the models lie over."""
        self.leave()

    def open_row(self, row: int) -> None:
        """To the model's versions."""
        self.app.push_screen(ModelPlace(self.session, self._shown.items[row], whole=self._whole))


@dataclass(frozen=True, slots=True)
class AllCandidates(ModelVersion):
    """The row that stands for the candidates of a model, whether they became a version or not."""


class ModelPlace(OverviewPlace[ModelVersion]):
    """The versions of one model."""

    NOUN = "version"
    HEADINGS = (
        *(Heading("version"), Heading("candidate_id"), Heading("aliases"), Heading("stage"), Heading("status")),
        *(Heading("user"), Heading("creation_time", Form.TIME), Heading("description")),
    )

    def __init__(self, session: Session, model: Model, *, whole: bool = True) -> None:
        """The versions that ``model`` has are shown, and asked for unless they are the ``whole``."""
        super().__init__(session, model.versions, whole=whole)
        self._model = model
        self._path = (model.project, "models", model.name)
        self.path.show((session.source.name, *self._path))

    def fields(self) -> Sequence[Field[ModelVersion]]:
        """What tells versions apart."""
        return (
            Field("version", _version, lambda v: version_key(v.version), lambda v: v.version),
            _field("candidate", lambda v: v.candidate_id or "", widest=12),
            _field("aliases", lambda v: v.marks),
            _field("stage", lambda v: v.stage or ""),
            Field(
                "created",
                _of_one(lambda v: cells.ago_cell(v.creation_time, self.session)),
                lambda v: v.creation_time,
                lambda v: "" if isinstance(v, AllCandidates) else cells.instant_text(v.creation_time),
            ),
            Field(
                "description",
                lambda v: Cell(clean(v.headline, _LONGEST), Tone.DIM),
                lambda v: v.description or None,
                lambda v: v.description,
            ),
            _field("status", lambda v: (v.status or "").replace("_", " ").lower()),
            _field("user", lambda v: v.user or ""),
        )

    def exact(self, item: ModelVersion) -> Row:
        """The same, and how the version is."""
        known = (item.version, item.candidate_id, item.marks or None, item.stage, item.status, item.user)
        return *known, item.creation_time, item.description or None

    def fits(self, item: ModelVersion) -> bool:
        """Whether all words are in what a version is called or what somebody wrote of it."""
        where = self.filtering.where
        said = " ".join((item.version, *item.aliases, item.description))
        return where is None or (isinstance(where, Words) and where.occur_in(said))

    def summaries(self, shown: Sequence[ModelVersion]) -> Sequence[ModelVersion]:  # noqa: ARG002 - of whatever is
        """All candidates of the model, where they have an experiment."""
        return () if self._model.experiment_id is None else (AllCandidates(self._model.name, "All candidates"),)

    async def ask(self) -> AsyncIterator[Page[ModelVersion]]:
        """The versions there are now, found among all models."""
        found = False
        async for page in self.session.source.models(self._model.project):
            for model in page.items:
                if model.name == self._model.name:
                    self._model, found = model, True
                    whole = page.complete or page.on_demand
                    yield Page(model.versions, len(model.versions), len(model.versions), whole)
            if found and page.on_demand:
                return
        if not found:
            raise NotFoundError(f"{self.session.source.name} has no model “{self._model.name}” any more.")

    def empty_words(self) -> str:
        """Nothing of a model whose candidates can be seen."""
        return "" if self._model.experiment_id is not None else "This model has no versions."

    def open_row(self, row: int) -> None:
        """To the candidate that a version was made of, or to the table of all."""
        version = self._shown.items[row]
        if isinstance(version, AllCandidates):
            self._open_experiment(self._model.experiment_id or "")
        elif version.candidate_id is None:
            self.status.show_notice("This version does not say which candidate it was made of.")
        else:
            self._open_candidate(version, version.candidate_id)

    @work(exclusive=True, group="open")
    async def _open_candidate(self, version: ModelVersion, candidate_id: str) -> None:
        from mltrack_tui.screens.candidate.place import CandidatePlace

        found = await self.answer(lambda: self.session.source.locate(candidate_id))
        if found is not None and self.is_current:
            self.app.push_screen(CandidatePlace(self.session, (*self._path, version.version), [found], 0))

    @work(exclusive=True, group="open")
    async def _open_experiment(self, experiment_id: str) -> None:
        from mltrack_tui.screens.candidates.place import CandidatesPlace

        project = self._model.project
        page = await self.answer(lambda: listed(self.session.source.experiments(project)))
        found = [each for each in page.items if each.experiment_id == experiment_id] if page is not None else []
        if found and self.is_current:
            self.app.push_screen(CandidatesPlace(self.session, project, found))
        elif page is not None and not found:
            self.status.show_notice("The experiment of this model's candidates is not there any more.")


def _latest(model: Model) -> str:
    return model.latest.version if model.latest is not None else ""


def _version(version: ModelVersion) -> Cell:
    return Cell(clean(version.version, _LONGEST), Tone.DIM if isinstance(version, AllCandidates) else Tone.PLAIN)


def _of_one(cell: Callable[[ModelVersion], Cell]) -> Callable[[ModelVersion], Cell]:
    """Nothing, of the row that stands for several."""
    return lambda version: Cell("") if isinstance(version, AllCandidates) else cell(version)


def _field(title: str, text: Callable[[ModelVersion], str], widest: int = 40) -> Field[ModelVersion]:
    return Field(title, _of_one(lambda v: _text(text(v))), lambda v: text(v) or None, text, widest=widest)
