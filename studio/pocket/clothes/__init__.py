"""Drawn clothes with captions: a set to train on that nobody has to download, each picture with four attributes that can be told."""
