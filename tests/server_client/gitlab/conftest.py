"""Stubs of GitLab, and clients of theirs."""

from tests.gitlab.fixtures import gitlab

__all__ = ["gitlab"]
