"""Corpora, fitting and evaluation of the shipped models."""
