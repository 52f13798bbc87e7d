"""What servers that answer MLflow's questions make of them: not all make the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from server_client.artifacts import ArtifactsResource
    from server_client.experiments import ExperimentsResource
    from server_client.metrics import MetricsResource
    from server_client.models import ModelsResource
    from server_client.runs import RunsResource
    from server_client.server import ServerResource


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server makes of a question. The defaults are MLflow's own.

    Attributes:
        filters: it understands filters, and lists of ids in them; else it answers as if there was none.
        several_experiments: one search of runs may be about several experiments.
        keeps_deleted: what was deleted can be asked for, and restored.
        metric_order: of a metric, and whether descending, the text to sort runs by it; None where this metric's name
            cannot be said. Runs without the metric are then left out by the server. None: MLflow's own ``order_by``,
            which keeps them.
        keeps_models_and_datasets: runs have logged models and datasets.
        search_tells_versions: a registered model's ``latest_versions`` are all of its versions.
    """

    filters: bool = True
    several_experiments: bool = True
    keeps_deleted: bool = True
    metric_order: Callable[[str, bool], str | None] | None = None
    keeps_models_and_datasets: bool = True
    search_tells_versions: bool = False


class Tracker(Protocol):
    """One project of a server, or all of a server that has none: what is asked for experiments and runs."""

    @property
    def uri(self) -> str:
        """The tracking URI, without user and password, and without a slash at the end."""
        ...

    @property
    def dialect(self) -> Dialect:
        """What it makes of a question."""
        ...

    @property
    def experiments(self) -> "ExperimentsResource":
        """Experiments."""
        ...

    @property
    def runs(self) -> "RunsResource":
        """Runs."""
        ...

    @property
    def metrics(self) -> "MetricsResource":
        """The histories of metrics."""
        ...

    @property
    def artifacts(self) -> "ArtifactsResource":
        """Runs' artifacts."""
        ...

    @property
    def models(self) -> "ModelsResource":
        """Registered models."""
        ...

    @property
    def server(self) -> "ServerResource":
        """The server itself."""
        ...
