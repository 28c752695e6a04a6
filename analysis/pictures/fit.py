"""Figures at their final size: for print, a slide or a page, with no text too small to read there."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, PathCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from analysis.pictures.forms import Form
from analysis.pictures.style import Sheet


def fit(figure: Sheet, form: Form) -> dict[str, Any]:
    """Bring a figure to its final size; what `savefig` needs to know. Text shrinks with it, but not below the least."""
    wide, high = (float(side) for side in figure.get_size_inches())
    sides = [new / old for new, old in ((form.wide, wide), (form.high, high)) if new]
    share = min(sides, default=1.0)
    if share != 1.0:
        figure.set_size_inches(wide * share, high * share)
        for artist in figure.findobj():
            _scale(artist, share)
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_fontsize(max(float(text.get_fontsize()), form.least))
    if not form.high:
        return {}
    wide, high = wide * share, high * share
    corner = (wide - form.wide) / 2.0, (high - form.high) / 2.0
    return {"bbox_inches": Bbox.from_bounds(*corner, form.wide, form.high)}


def _scale(artist: Artist, share: float) -> None:
    """Everything of an artist that is measured in points."""
    if isinstance(artist, Text):
        artist.set_fontsize(float(artist.get_fontsize()) * share)
        if isinstance(artist, Annotation) and artist.anncoords == "offset points":
            x, y = artist.xyann
            artist.xyann = (x * share, y * share)
    elif isinstance(artist, Line2D):
        artist.set_linewidth(artist.get_linewidth() * share)
        artist.set_markersize(artist.get_markersize() * share)
    elif isinstance(artist, Patch):
        artist.set_linewidth(float(artist.get_linewidth()) * share)
    elif isinstance(artist, Collection):
        artist.set_linewidth((np.atleast_1d(artist.get_linewidth()) * share).tolist())
        if isinstance(artist, PathCollection):
            artist.set_sizes(np.asarray(artist.get_sizes()) * share * share)
    elif isinstance(artist, Axes):
        for axis in (artist.xaxis, artist.yaxis):
            axis.set_tick_params(pad=max((tick.get_pad() for tick in axis.get_major_ticks()), default=3.5) * share)
            axis.labelpad = axis.labelpad * share
