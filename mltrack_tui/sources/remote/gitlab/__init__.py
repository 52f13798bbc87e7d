"""A GitLab as a source: its projects, its experiments with what GraphQL tells of them, and where in CI candidates ran."""
