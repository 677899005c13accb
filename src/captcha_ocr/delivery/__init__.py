"""What leaves the project: the exported graph, reports, tracking and the registry."""
