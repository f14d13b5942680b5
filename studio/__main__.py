"""`python -m studio`."""

from .cli import main

main()
