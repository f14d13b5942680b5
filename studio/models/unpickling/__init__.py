"""The child process that turns a pickled weight file into .safetensors, and imports nothing beyond the standard library.

    python -m studio.models.unpickling < model.ckpt > model.safetensors

It ends with 0 and one line of JSON on stderr, or with `REFUSED` and one line: a reason of `conversion.SENTENCES`, then what
it was about. Both files are handed over open, so the process never learns a path. Nothing is unpickled: `machine` knows
some thirty instructions that pile up plain values, `names` the few functions that files may name, and none is ever called.
"""
