"""Orders and worlds as bytes for the journal, and hashes that tell whether two worlds are the same."""

import hashlib
import zlib
from typing import Any

import numpy as np

from sim.declare.levers import Levers
from sim.law.orders import Orders
from sim.runs.batch import arrays_of


def _scalars(levers: Levers) -> np.ndarray[Any, Any]:
    return np.array([part for part in levers if not isinstance(part, np.ndarray)], dtype=np.float64)


def pack_orders(orders: Orders) -> bytes:
    """All rows of orders, levers first, as compressed bytes."""
    arrays = [_scalars(orders.levers), *arrays_of(orders)]
    return zlib.compress(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays), 6)


def unpack_orders(data: bytes, orders: Orders) -> Orders:
    """Write packed rows into `orders`, which has the right shapes; the orders with the packed levers.

    Levers get arrays of their own: those of `orders` belong to the policy or to standing orders.
    """
    own = [part.copy() if isinstance(part, np.ndarray) else part for part in orders.levers]
    orders = orders._replace(levers=Levers._make(own))
    raw, at = zlib.decompress(data), 0
    scalars = np.frombuffer(raw, np.float64, len(_scalars(orders.levers)))
    at += scalars.nbytes
    for array in arrays_of(orders):
        array[...] = np.frombuffer(raw, array.dtype, array.size, at).reshape(array.shape)
        at += array.nbytes
    if at != len(raw):
        raise ValueError("these orders were packed for another cast")
    left = iter(scalars.tolist())
    kinds = {name: type(part) for name, part in orders.levers._asdict().items()}
    values = {n: k(next(left)) for n, k in kinds.items() if not issubclass(k, np.ndarray)}
    return orders._replace(levers=orders.levers._replace(**values))


def pack_arrays(value: Any) -> bytes:
    """The arrays of a named tuple as compressed bytes: a snapshot."""
    return zlib.compress(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays_of(value)), 6)


def hash_of(*values: Any) -> str:
    """SHA-256 over all arrays, as 32 hexadecimal digits."""
    digest = hashlib.sha256()
    for value in values:
        for array in arrays_of(value) if isinstance(value, tuple) else [value]:
            digest.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:32]
