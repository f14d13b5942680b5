"""A machine that knows the pickle instructions which weights need, and no other.

Python's own unpickler imports what it is told, calls it and lets it set attributes; one filter too few and a program runs.
This one cannot: every value it makes is a number, a word, a list, a tuple, a dictionary or a record of `names`. The table
`ACTS` is the allow-list. torch writes protocol 2 unless it is told otherwise
(https://docs.pytorch.org/docs/stable/generated/torch.save.html), so the instructions of later ones are not here.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from typing import IO, Any

from .names import LEFT_OUT, Storage, made, named, storage
from .refusal import Refused

MOST_STEPS = 2_000_000  # Stable Diffusion XL takes some 150,000
MOST_OPEN = 200  # marks set and not yet taken up: how deep values lie in one another
PROTOCOL = 2
PLAIN = (str, int, float, bool, type(None))


class Machine:
    """The stack, the marks and the memory of one pickle. Values may be shared, so that repeating one costs nothing."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.below: list[list[Any]] = []  # the stacks under each mark
        self.memory: dict[int, Any] = {}  # Python's own is an array as long as the largest index that a file names
        self.storages: dict[str, Storage] = {}  # met on the way, by key

    def run(self, stream: IO[bytes]) -> Any:
        """The value of the pickle that starts where the stream stands; it then stands behind it. Raises Refused."""
        for step, (instruction, argument, _) in enumerate(pickletools.genops(stream)):
            if instruction.name == "STOP":
                return self.stack.pop()
            act = ACTS.get(instruction.name)
            if act is None:
                raise Refused("instruction", instruction.name)
            if step > MOST_STEPS:
                raise Refused("large", "instructions")
            act(self, argument)
        raise Refused("damaged")

    def start(self, protocol: int) -> None:
        if protocol != PROTOCOL:
            raise Refused("instruction", f"PROTO {protocol}")

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def mark(self, _: None) -> None:
        if len(self.below) == MOST_OPEN:
            raise Refused("large", "MARK")
        self.below.append(self.stack)
        self.stack = []

    def since_mark(self) -> list[Any]:
        items, self.stack = self.stack, self.below.pop()
        return items

    def keep(self, index: int) -> None:
        self.memory[index] = self.stack[-1]

    def recall(self, index: int) -> None:
        self.stack.append(self.memory[index])

    def tie(self, _: None) -> None:
        self.push(tuple(self.since_mark()))

    def append(self, _: None) -> None:
        self._extend([self.stack.pop()])

    def appends(self, _: None) -> None:
        self._extend(self.since_mark())

    def _extend(self, items: list[Any]) -> None:
        if type(self.stack[-1]) is not list:
            raise Refused("call", "APPENDS")
        self.stack[-1].extend(items)

    def set_item(self, _: None) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self._fill([key, value])

    def set_items(self, _: None) -> None:
        self._fill(self.since_mark())

    def _fill(self, items: list[Any]) -> None:
        """Puts keys and values in turn into the dictionary on top."""
        if type(self.stack[-1]) is not dict or len(items) % 2:
            raise Refused("call", "SETITEMS")
        for key, value in zip(items[::2], items[1::2], strict=True):
            # The hash of a tuple that lies ten thousand deep would overflow the interpreter; no tensor has such a name.
            self.stack[-1][key if type(key) in PLAIN else object()] = value

    def reduce(self, _: None) -> None:
        arguments, name = self.stack.pop(), self.stack.pop()
        self.push(made(name, arguments))

    def build(self, _: None) -> None:
        """torch hangs notes about versions on its dictionaries; nothing is hung on anything here."""
        del self.stack[-1]
        if type(self.stack[-1]) is not dict and self.stack[-1] is not LEFT_OUT:
            raise Refused("call", "BUILD")

    def store(self, _: None) -> None:
        met = storage(self.stack.pop())
        self.storages.setdefault(met.key, met)
        self.push(met)


def _last(count: int) -> Callable[[Machine, Any], None]:
    def tie_last(machine: Machine, _: None) -> None:
        if len(machine.stack) < count:
            raise Refused("damaged")
        machine.stack[-count:] = [tuple(machine.stack[-count:])]

    return tie_last


NUMBERS_AND_WORDS = ("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE")
ACTS: dict[str, Callable[[Machine, Any], None]] = {
    "PROTO": Machine.start,
    **{name: Machine.push for name in NUMBERS_AND_WORDS},
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": lambda machine, _: machine.push(True),
    "NEWFALSE": lambda machine, _: machine.push(False),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "MARK": Machine.mark,
    "TUPLE": Machine.tie,
    "TUPLE1": _last(1),
    "TUPLE2": _last(2),
    "TUPLE3": _last(3),
    "BINPUT": Machine.keep,
    "LONG_BINPUT": Machine.keep,
    "BINGET": Machine.recall,
    "LONG_BINGET": Machine.recall,
    "APPEND": Machine.append,
    "APPENDS": Machine.appends,
    "SETITEM": Machine.set_item,
    "SETITEMS": Machine.set_items,
    "GLOBAL": lambda machine, words: machine.push(named(words)),
    "BINPERSID": Machine.store,
    "REDUCE": Machine.reduce,
    "BUILD": Machine.build,
}
