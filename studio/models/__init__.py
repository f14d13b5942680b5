"""Base models: which there are, where their weights lie, how they are loaded."""
