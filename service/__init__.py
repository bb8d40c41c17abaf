"""The HTTP service and its command line."""
