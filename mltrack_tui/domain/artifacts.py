"""What a candidate logged as files, and what else lies beside them."""

from dataclasses import dataclass
from enum import Enum


class ArtifactKind(Enum):
    """What an entry of a candidate's artifacts is."""

    LOGGED = "logged"
    """A file or folder of its own."""
    MODEL = "model"
    """A logged model of MLflow 3, which has a folder of its own: its path is ``models:/`` and the model's id."""
    DATASET = "dataset"
    """A dataset that it used, which lies elsewhere: ``datasets:/`` and name@digest. There is nothing to be read."""
    LINK = "link"
    """A link out of the folder, which is not followed."""
    REFUSED = "refused"
    """Something whose name could do harm, and which is not asked for."""


MODELS_FOLDER, DATASETS_FOLDER = "models:/", "datasets:/"
"""What the paths of logged models and of datasets begin with; an artifact's own that does is REFUSED."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file or folder that a candidate logged, or something else that lies beside them.

    Attributes:
        path: relative to the candidate's artifact root, with forward slashes; below ``models:/<model id>`` it is
            relative to that logged model's.
        size: in bytes; None for a folder or where the source does not tell.
        kind: only what was LOGGED or lies in a MODEL can be read.
        about: what else there is to say, in a few words: where a link points, why a name is refused, a model's status.
        title: what people call it where its path does not say: a logged model's name.
    """

    path: str
    is_dir: bool
    size: int | None = None
    kind: ArtifactKind = ArtifactKind.LOGGED
    about: str = ""
    title: str = ""

    @property
    def is_readable(self) -> bool:
        """Whether it can be opened, looked into and downloaded."""
        return self.kind in {ArtifactKind.LOGGED, ArtifactKind.MODEL}

    def uri(self, candidate_id: str) -> str:
        """What MLflow calls it as an artifact of this candidate: ``runs:/<id>/<path>``, ``models:/<id>/<path>``."""
        return self.path if self.path.startswith(MODELS_FOLDER) else f"runs:/{candidate_id}/{self.path}"

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The path of the folder that it lies in; '' is the root."""
        return self.path.rpartition("/")[0]

    @property
    def called(self) -> str:
        """What it is called: its title, else its name."""
        return self.title or self.name

    @property
    def remark(self) -> str:
        """All there is to say beside its path."""
        return ", ".join(filter(None, (self.title, self.about)))
