"""Speed of the service, measured; ``python -m benchmarks --help``."""
