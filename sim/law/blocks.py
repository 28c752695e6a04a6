"""Named tuples as tables of words, so that compiled code takes each of them as one pointer.

A named tuple of arrays, scalars and other named tuples is laid out as 64-bit words: an array is its address and its
shape, a scalar its own bits, a nested named tuple its words in place, a plain tuple of equal named tuples the address
and number of its tables. Compiled code reads `world.trust_for[i, j]` through such a table as uncompiled code reads it
from the named tuple itself, and two thousand arguments become one (`compiling.py` teaches the compiler how).
"""

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from sim.law.compiled import Ints

NUMBERS = {np.float64: "float", float: "float", np.uint64: "uint", int: "int", np.int64: "int"}


class Field(NamedTuple):
    """Where a field lies and what it is: an array of `axes` axes, a scalar, a block, or several blocks."""

    name: str
    at: int
    kind: str  # float, int, uint, floats, ints, block or blocks
    axes: int = 0
    inner: "Layout | None" = None


class Layout(NamedTuple):
    """How a named tuple lies in words."""

    name: str
    fields: tuple[Field, ...]
    size: int

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)


def layout_of(value: Any) -> Layout:
    """The layout of a named tuple, by an example of it: equal for all of that name; lists are left out."""
    fields, at = [], 0
    for name, part in zip(value._fields, value):
        if isinstance(part, list):  # compiled code has no use for it
            continue
        field = _field(name, at, part)
        fields.append(field)
        at += words_of(field)
    return Layout(type(value).__name__, tuple(fields), at)


def _field(name: str, at: int, part: Any) -> Field:
    if isinstance(part, np.ndarray):
        if part.dtype not in (np.float64, np.int64):
            raise TypeError(f"{name}: an array of {part.dtype}; blocks hold float64 and int64")
        return Field(name, at, "floats" if part.dtype == np.float64 else "ints", part.ndim)
    if hasattr(part, "_fields"):
        return Field(name, at, "block", inner=layout_of(part))
    if isinstance(part, tuple):
        return Field(name, at, "blocks", inner=layout_of(part[0]))
    return Field(name, at, NUMBERS[type(part)])


def words_of(field: Field) -> int:
    """How many words a field takes."""
    if field.kind == "block":
        assert field.inner is not None
        return field.inner.size
    return {"floats": 1 + field.axes, "ints": 1 + field.axes, "blocks": 2}.get(field.kind, 1)


class Table:
    """A named tuple as a table, kept alive with everything that it points to.

    Arrays are shared, so that what compiled code writes is seen in the named tuple, and the other way round; a scalar
    or an array put in place of another is told by `put`.
    """

    def __init__(self, value: Any, layout: Layout | None = None) -> None:
        self.layout = layout or layout_of(value)
        self.words: Ints = np.zeros(self.layout.size, dtype=np.int64)
        self._kept: dict[int, Any] = {}
        self._fill(value, self.layout, 0)

    @cached_property
    def address(self) -> int:
        """Where the table lies in memory."""
        return int(self.words.ctypes.data)

    def put(self, name: str, part: Any) -> None:
        """Put another value in a field's place, unless it is the same object."""
        field = self.layout.field(name)
        assert field is not None, name
        if field.kind in ("float", "int", "uint") or self._kept.get(field.at) is not part:
            self._put(field, part, 0)

    def _fill(self, value: Any, layout: Layout, base: int) -> None:
        for field in layout.fields:
            self._put(field, getattr(value, field.name), base)

    def _put(self, field: Field, part: Any, base: int) -> None:
        at = base + field.at
        if field.kind in ("floats", "ints"):
            _checked(field, part)
            self.words[at] = part.ctypes.data
            self.words[at + 1 : at + 1 + field.axes] = part.shape
        elif field.kind == "block":
            assert field.inner is not None
            self._fill(part, field.inner, at)
        elif field.kind == "blocks":
            assert field.inner is not None
            tables = np.concatenate([Table(one, field.inner).words for one in part])
            self.words[at : at + 2] = tables.ctypes.data, len(part)
            self._kept[-1 - at] = tables
        else:
            self.words[at] = np.array(
                part, dtype={"float": np.float64, "uint": np.uint64}.get(field.kind, np.int64)
            ).view(np.int64)
            return
        self._kept[at] = part


def _checked(field: Field, part: Any) -> None:
    kind = np.float64 if field.kind == "floats" else np.int64
    if part.dtype != kind or part.ndim != field.axes or not part.flags.c_contiguous:
        raise TypeError(
            f"{field.name}: {part.dtype}, {part.ndim} axes; wanted {kind.__name__}, {field.axes}, in C order"
        )
