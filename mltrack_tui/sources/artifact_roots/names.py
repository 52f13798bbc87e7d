"""The names that a root lists: which are refused, in which order they come, and what is listed beside files."""

from collections.abc import Iterable

from mltrack_tui.domain.artifacts import DATASETS_FOLDER, MODELS_FOLDER, Artifact, ArtifactKind
from mltrack_tui.domain.entities import Dataset
from mltrack_tui.domain.paths import way_out
from mltrack_tui.sources.artifacts import MOST_ENTRIES
from mltrack_tui.sources.base import NotFoundError


def below(path: str) -> str:
    """A path as it is asked for, from the root, without a slash at the end.

    Raises:
        NotFoundError: it could lead anywhere else, however often it is decoded.
    """
    path = path.removesuffix("/")
    if (why := refused(path)) is not None:
        raise NotFoundError(f"{path!r} is not a path below the artifact folder: {why}.")
    return path


def refused(path: str) -> str | None:
    """Why something of this path is not asked for, at the end of a sentence; None where it may be."""
    if f"{path}/".startswith((MODELS_FOLDER, DATASETS_FOLDER)):
        return "it is called as what MLflow keeps elsewhere"
    return way_out(path)


def ascending(listed: Iterable[Artifact]) -> list[Artifact]:
    """By name."""
    return sorted(listed, key=lambda each: each.name)


def rest_of(folder: str) -> Artifact:
    """What a listing that was cut ends with."""
    path = f"{folder}/…" if folder else "…"
    about = f"the folder holds more than {MOST_ENTRIES:,} entries: the others are not listed"
    return Artifact(path, is_dir=False, kind=ArtifactKind.REFUSED, about=about)


def model_entry(model_id: str, name: str, status: str) -> Artifact:
    """The folder of a logged model."""
    why = "it holds a slash" if "/" in model_id else way_out(model_id)
    kind = ArtifactKind.MODEL if why is None else ArtifactKind.REFUSED
    return Artifact(f"{MODELS_FOLDER}{model_id}", is_dir=True, kind=kind, about=why or status, title=name)


def by_title(entry: Artifact) -> tuple[str, str]:
    """A logged model's place among others: by its name, which its path does not tell."""
    return entry.title, entry.path


def dataset_entry(dataset: Dataset) -> Artifact:
    """A dataset, which lies elsewhere."""
    path = f"{DATASETS_FOLDER}{dataset.name}@{dataset.digest}"
    about = ", ".join(filter(None, (dataset.context, dataset.source_type)))
    return Artifact(path, is_dir=False, kind=ArtifactKind.DATASET, about=about)
