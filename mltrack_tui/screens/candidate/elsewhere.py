"""What of a candidate can be taken elsewhere: names to be copied, tables to be written."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.screens.candidate.artifacts import ArtifactsPane
    from mltrack_tui.screens.candidate.metrics import MetricsPane
    from mltrack_tui.screens.candidate.place import CandidatePlace
    from mltrack_tui.screens.candidate.texts import TextsPane
    from mltrack_tui.screens.copying import Copyable


def names(place: "CandidatePlace", name: str | None, artifacts: "ArtifactsPane | None") -> "list[Copyable]":
    """What mlflow calls the candidate and, where these are what is shown, the artifact under the cursor."""
    from mltrack_tui.screens.copying import Copyable, candidate_choices

    of_candidate = candidate_choices(place.candidate, name, place.session.source.location)
    here = artifacts.node_under_cursor() if artifacts is not None else None
    if here is None or not here.artifact.is_readable:
        return [*of_candidate]
    return [Copyable("a", "URI of the artifact", here.artifact.uri(place.candidate.candidate_id)), *of_candidate]


def table(place: "CandidatePlace", called: str, pane: "TextsPane | MetricsPane | ArtifactsPane") -> "Exportable | None":
    """A tab's table; None before it was read."""
    from mltrack_tui.screens.exporting import table_of

    if place.shown != place.candidate or (pane is place.artifacts and not len(pane.grid.rows)):
        return None
    return table_of(f"{place.called} {called}", *pane.exact())
