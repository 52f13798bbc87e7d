"""Frozen values, as GitLab and MLflow name them. Nothing here reads, draws or waits."""
