"""Hypothesis without deadlines: a busy machine must not fail a test of what the functions return."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
