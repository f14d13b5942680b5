"""The command line: one sub-command per step of the work, all through the workshop."""

from .app import app, main

__all__ = ["app", "main"]
