"""Storybook Studio: a family's photos and a story become a printed picture book, on one's own computer."""

__version__ = "0.12.0"
