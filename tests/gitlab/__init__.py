"""A stub that behaves as GitLab's MLflow-compatible API does, its projects, packages and GraphQL: see `GitLabStub`."""
