"""The names of every axis."""

from sim.declare.names import *  # noqa: F403
