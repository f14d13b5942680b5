"""The front desk of the studio: one method per step of the work; command line, screens and worker call only this."""

from .desk import Workshop

__all__ = ["Workshop"]
