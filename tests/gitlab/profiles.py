"""The three generations of GitLab that answer differently."""

from enum import StrEnum


class Profile(StrEnum):
    """What a GitLab of a time does."""

    OLD = "gl-old"
    """Before 17.10: a run has every metric row ever logged, in no order; there is no history; versions are semver."""
    MID = "gl-mid"
    """From 17.10: a run has the row of each metric that was logged last, and there is no history."""
    NEW = "gl-new"
    """With metrics/get-history, and mlflow-artifacts URIs for runs that have artifacts."""

    @property
    def version(self) -> str:
        """What it says of itself."""
        return {Profile.OLD: "17.3.7-ee", Profile.MID: "17.11.2-ee", Profile.NEW: "18.7.0-ee"}[self]
