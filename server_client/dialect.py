"""What tracking servers understand that are asked alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from server_client.artifacts import ArtifactsResource
from server_client.experiments import ExperimentsResource
from server_client.metrics import MetricsResource
from server_client.models import ModelsResource
from server_client.runs import RunsResource
from server_client.server import ServerResource


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server makes of a question; the defaults are MLflow's own.

    Attributes:
        filters: it understands filters, and lists of ids in them.
        several_experiments: one search of runs may be about several experiments.
        keeps_deleted: what was deleted can be listed and restored.
        metric_order: the one text to sort runs by a metric, descending or not, or None where its name cannot be said;
            the server then leaves out runs without the metric. None: MLflow's own ``order_by``.
    """

    filters: bool = True
    several_experiments: bool = True
    keeps_deleted: bool = True
    metric_order: Callable[[str, bool], str | None] | None = None


class Tracker(Protocol):
    """Whoever can be asked about the experiments of one project or workspace."""

    @property
    def uri(self) -> str: ...  # noqa: D102
    @property
    def dialect(self) -> Dialect: ...  # noqa: D102
    @property
    def experiments(self) -> ExperimentsResource: ...  # noqa: D102
    @property
    def runs(self) -> RunsResource: ...  # noqa: D102
    @property
    def metrics(self) -> MetricsResource: ...  # noqa: D102
    @property
    def artifacts(self) -> ArtifactsResource: ...  # noqa: D102
    @property
    def models(self) -> ModelsResource: ...  # noqa: D102
    @property
    def server(self) -> ServerResource: ...  # noqa: D102
