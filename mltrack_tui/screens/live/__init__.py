"""What happens while somebody looks: changes of the source, candidates that run, those that are watched."""
