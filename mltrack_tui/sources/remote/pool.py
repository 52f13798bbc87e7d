"""The candidates that were fetched of one workspace, whole, by id."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mltrack_tui.analysis.order import base_order
from mltrack_tui.domain.entities import UNFINISHED, Candidate, CandidateId, Dataset
from mltrack_tui.search.evaluate import CandidateSubject
from mltrack_tui.sources.remote.translating import candidate_of, datasets_of
from server_client import Experiment as TheirExperiment
from server_client import NotFoundError, Run
from server_client.dialect import Tracker

_MOST_EXPERIMENTS = 1000


class Pool:
    """Candidates by id.

    Attributes:
        experiments: those that are known, by id.
    """

    def __init__(self, client: Tracker, source: str, project: str) -> None:
        self._client, self._source, self._project = client, source, project
        self._held: dict[str, Candidate] = {}
        self._datasets: dict[str, tuple[Dataset, ...]] = {}
        self._models: dict[str, tuple[str, ...]] = {}
        self._fresh: set[str] = set()
        self.experiments: dict[str, TheirExperiment] = {}

    def take(self, runs: Iterable[Run]) -> None:
        """Keep what a server told last."""
        for run in runs:
            self._held[run.run_id] = candidate_of(run, self._source, self._project, self.experiments)
            self._datasets.pop(run.run_id, None)
            if run.datasets:
                self._datasets[run.run_id] = datasets_of(run.datasets)
            self._models.pop(run.run_id, None)
            if run.model_ids:
                self._models[run.run_id] = run.model_ids
            self._fresh.add(run.run_id)

    def know(self, experiments: Iterable[TheirExperiment]) -> None:
        """Keep experiments; where one has another name now, its candidates have too."""
        for experiment in experiments:
            known = self.experiments.get(experiment.experiment_id)
            self.experiments[experiment.experiment_id] = experiment
            if known is not None and known.name != experiment.name:
                for candidate in list(self._held.values()):
                    if candidate.id.experiment_id == experiment.experiment_id:
                        self._held[candidate.id.candidate_id] = replace(candidate, experiment_name=experiment.name)

    def know_all(self, experiments: Sequence[TheirExperiment]) -> None:
        """Keep these experiments, and no others: they are all that there are."""
        self.know(experiments)
        self.experiments = {each.experiment_id: each for each in experiments}

    def forget(self, keep: Iterable[str]) -> None:
        """Hold only these, and none of them for what there is now."""
        self._fresh.clear()
        self._held = {each: self._held[each] for each in keep if each in self._held}
        self._datasets = {each: found for each, found in self._datasets.items() if each in self._held}
        self._models = {each: found for each, found in self._models.items() if each in self._held}

    def get(self, candidate_id: str) -> Candidate | None:
        """A candidate, if it was fetched."""
        return self._held.get(candidate_id)

    def subject(self, candidate: Candidate) -> CandidateSubject:
        """A candidate to be asked whether a filter admits it."""
        return CandidateSubject(candidate, self.datasets(candidate.id.candidate_id))

    def datasets(self, candidate_id: str) -> tuple[Dataset, ...]:
        """The datasets of a candidate that was fetched."""
        return self._datasets.get(candidate_id, ())

    def models(self, candidate_id: str) -> tuple[str, ...]:
        """The ids of the logged models that came of a candidate that was fetched."""
        return self._models.get(candidate_id, ())

    def key(self, candidate_id: str) -> tuple[float, str]:
        """Where a candidate stands without any other order; the end, of one that is not held."""
        held = self._held.get(candidate_id)
        return base_order(held.start_time if held else None, candidate_id)

    def is_settled(self, candidate_id: str) -> bool:
        """Whether a candidate was fetched and has ended, so that it is not expected to change."""
        return candidate_id in self._held and self._held[candidate_id].status not in UNFINISHED

    async def have(self, candidates: Sequence[CandidateId]) -> None:
        """Ask for those that were never fetched, or had not ended before a refresh."""
        wanted = [each for each in dict.fromkeys(candidates) if not self._is_known(each.candidate_id)]
        if wanted:
            experiments = {each.experiment_id for each in wanted}
            await self.name_experiments(experiments)
            await self._ask([each.candidate_id for each in wanted], experiments)

    async def have_again(self, candidate_ids: Sequence[str]) -> set[str]:
        """Ask for some anew, and tell which there are."""
        experiments = {self._held[each].id.experiment_id for each in candidate_ids if each in self._held}
        return await self._ask(candidate_ids, experiments)

    async def one(self, candidate_id: str, *, fresh: bool = False) -> Candidate:
        """A candidate; with ``fresh``, as it was since the last refresh. Raises server_client's NotFoundError."""
        if not self._is_known(candidate_id, fresh=fresh):
            run = await self._client.runs.get(candidate_id)
            await self.name_experiments([run.experiment_id])
            self.take([run])
        return self._held[candidate_id]

    async def name_experiments(self, experiments: Iterable[str]) -> None:
        """Know these experiments, as far as they are there."""
        for experiment in experiments:
            if experiment not in self.experiments:
                with UnlessGone():
                    self.know([await self._client.experiments.get(experiment)])

    def _is_known(self, candidate_id: str, *, fresh: bool = False) -> bool:
        return candidate_id in self._fresh or (not fresh and self.is_settled(candidate_id))

    async def _ask(self, ids: Sequence[str], experiments: Iterable[str]) -> set[str]:
        """Fetch some candidates; those that are gone are not held any longer."""
        places = [each for each in experiments if each in self.experiments][:_MOST_EXPERIMENTS]
        runs = await self._client.runs.some(ids, places) if places else []
        self.take(runs)
        found = {run.run_id for run in runs}
        for each in set(ids) - found:
            self._held.pop(each, None)
            self._fresh.discard(each)
        return found


class UnlessGone:
    """Goes on where a server says that it has no such thing; but not where it does not even know the question."""

    def __enter__(self) -> None:
        """Nothing is to be done before."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        """Whether it is that."""
        return isinstance(error, NotFoundError) and error.error_code is not None
