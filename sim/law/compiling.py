"""How rules become machine code: Numba writes LLVM's language, LLVM makes an object of it, and the object is kept.

Nothing here is needed to run a kept object. It is called in a process of its own, with NUMBA_OPT=0,
because Numba must not optimise 200 functions on their own and again in each caller: LLVM sees the whole once, at the
end (`compiled.py`).
"""

import operator
import types as python
from collections.abc import Callable
from typing import Any

import numba
from llvmlite import ir
from numba.core import event, types
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import lower_builtin, models, register_model
from numba.np.arrayobj import populate_array

from sim.law.blocks import Field, Layout, layout_of
from sim.law.compiled import RULES

WORD = ir.IntType(64)


class BlockType(types.Type):
    """A block as Numba sees it."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        super().__init__(name=f"Block({layout})")

    @property
    def mangling_args(self) -> tuple[str, tuple[()]]:
        return f"Block{self.layout.name}", ()


class BlocksType(types.Type):
    """Several blocks of one layout, as Numba sees them: a pointer to their address and number."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        super().__init__(name=f"Blocks({layout})")

    @property
    def mangling_args(self) -> tuple[str, tuple[()]]:
        return f"Blocks{self.layout.name}", ()


class PointerModel(models.PrimitiveModel):
    """Both are one pointer to words."""

    def __init__(self, manager: Any, kind: types.Type) -> None:
        super().__init__(manager, kind, WORD.as_pointer())


register_model(BlockType)(PointerModel)
register_model(BlocksType)(PointerModel)
SCALARS = {"float": types.float64, "int": types.int64, "uint": types.uint64}


def type_of(field: Field) -> types.Type:
    """What Numba sees of a field."""
    if field.inner is not None:
        return BlockType(field.inner) if field.kind == "block" else BlocksType(field.inner)
    if field.kind in ("floats", "ints"):
        return types.Array(types.float64 if field.kind == "floats" else types.int64, field.axes, "C")
    return SCALARS[field.kind]


@infer_getattr
class BlockAttribute(AttributeTemplate):
    """`block.field` has the field's type."""

    key = BlockType

    def generic_resolve(self, block: BlockType, name: str) -> types.Type | None:
        field = block.layout.field(name)
        return None if field is None else type_of(field)


def word(builder: Any, table: Any, at: int) -> Any:
    """A word of a table; tables do not change during a call, so that LLVM may read each once."""
    value = builder.load(builder.gep(table, [ir.IntType(32)(at)]))
    value.set_metadata("invariant.load", builder.module.add_metadata([]))
    return value


@lower_getattr_generic(BlockType)
def get_field(context: Any, builder: Any, block: BlockType, table: Any, name: str) -> Any:
    """Code that reads a field."""
    field = block.layout.field(name)
    assert field is not None
    if field.inner is not None:
        return builder.gep(table, [ir.IntType(32)(field.at)])
    if field.kind in ("int", "uint"):
        return word(builder, table, field.at)
    if field.kind == "float":
        return builder.bitcast(word(builder, table, field.at), ir.DoubleType())
    kind: Any = type_of(field)
    array = context.make_array(kind)(context, builder)
    shape = [word(builder, table, field.at + 1 + axis) for axis in range(field.axes)]
    strides = [WORD(8)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length, flags=("nsw",)))
    address = builder.inttoptr(word(builder, table, field.at), context.get_data_type(kind.dtype).as_pointer())
    populate_array(array, address, shape, strides, WORD(8), None)
    return array._getvalue()


@infer_global(operator.getitem)
class BlocksItem(AbstractTemplate):
    """`blocks[i]` is a block."""

    def generic(self, args: Any, kws: Any) -> Any:
        if isinstance(args[0], BlocksType) and isinstance(args[1], types.Integer):
            return signature(BlockType(args[0].layout), args[0], types.int64)
        return None


@lower_builtin(operator.getitem, BlocksType, types.int64)
def get_block(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Code that finds the i-th block."""
    tables = builder.inttoptr(word(builder, args[0], 0), WORD.as_pointer())
    return builder.gep(tables, [builder.mul(args[1], WORD(sig.return_type.layout.size))])


def dispatchers(for_python: bool = False) -> dict[Callable[..., Any], Any]:
    """Every rule as Numba's own, so that rules find each other compiled and Python finds them as they are written.

    for_python: Python may call them too, as tests do that compare one rule's bits.
    """
    compiled: dict[Callable[..., Any], Any] = {}
    rooms: dict[str, dict[str, Any]] = {}
    for function in RULES:
        room = rooms.setdefault(function.__module__, dict(function.__globals__))
        twin = python.FunctionType(function.__code__, room, function.__name__)
        twin.__module__, twin.__qualname__ = function.__module__, function.__qualname__
        compiled[function] = numba.njit(
            nogil=True, error_model="numpy", no_cpython_wrapper=not for_python, no_cfunc_wrapper=True, _nrt=False
        )(twin)
    for room in rooms.values():
        for name, value in list(room.items()):
            if isinstance(value, python.FunctionType) and value in compiled:
                room[name] = compiled[value]
    return compiled


class Told(event.Listener):
    """Says after each rule which share of them is done, in whole percents, to whoever waits."""

    def __init__(self) -> None:
        self.done = 0

    def on_start(self, _: Any) -> None:
        """Nothing to say."""

    def on_end(self, _: Any) -> None:
        """One more is done."""
        self.done += 1
        print(min(99, self.done * 100 // len(RULES)), flush=True)


def language_of(entry: Callable[..., Any], example: Any) -> str:
    """LLVM's language for an entry that takes one block, with all that it calls, below a line with the entry's name."""
    chosen = dispatchers()[entry]
    sig = (BlockType(layout_of(example)),)
    with event.install_listener("numba:compile", Told()):
        chosen.compile(sig)
    made = chosen.overloads[chosen.signatures[0]]
    return f"{made.fndesc.llvm_func_name}\n{made.library.get_llvm_str()}"
