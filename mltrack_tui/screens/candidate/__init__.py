"""One candidate: overview, parameters, metrics with their curves, tags and artifacts."""
