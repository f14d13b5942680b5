"""Scenes and texts from a language model: the server, what it is told and what left the computer, its answers checked."""
