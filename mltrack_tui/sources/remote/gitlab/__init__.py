"""A GitLab as a source: its projects, what GraphQL tells of its experiments, and where in CI candidates ran."""
