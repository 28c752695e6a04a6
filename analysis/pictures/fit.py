"""Figures at their final size: for print, a slide or a page, with no text too small to read there."""

from typing import Any, Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, PathCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from analysis.pictures.forms import Form
from analysis.pictures.style import FOOT, Sheet

AIR: Final = 0.1  # inches above and below what is kept of a bare figure


def fit(figure: Sheet, form: Form) -> dict[str, Any]:
    """Bring a figure to its final size; what `savefig` needs to know. Text shrinks with it, but not below the least."""
    left, low, wide, high = _kept(figure, form.bare)
    sides = [new / old for new, old in ((form.wide, wide), (form.high, high)) if new]
    share = min(sides, default=1.0)
    if share != 1.0:
        whole = figure.get_size_inches()
        figure.set_size_inches(float(whole[0]) * share, float(whole[1]) * share)
        for artist in figure.findobj():
            _scale(artist, share)
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_fontsize(max(float(text.get_fontsize()), form.least))
    if not form.high and not form.bare:
        return {}
    left, low, wide, high = (share * side for side in (left, low, wide, high))
    if form.high:
        left, low = left + (wide - form.wide) / 2.0, low + (high - form.high) / 2.0
        wide, high = form.wide, form.high
    return {"bbox_inches": Bbox.from_bounds(left, low, wide, high)}


def _kept(figure: Sheet, bare: bool) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of what is kept of a figure, inches: a bare one has neither head nor foot."""
    wide, high = (float(side) for side in figure.get_size_inches())
    if not bare:
        return 0.0, 0.0, wide, high
    for words in figure.words:
        words.set_visible(False)
    return 0.0, FOOT - AIR, wide, high - figure.head - FOOT + 2.0 * AIR


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
            ticks: list[Any] = axis.get_major_ticks()
            axis.set_tick_params(pad=max((tick.get_pad() for tick in ticks), default=3.5) * share)
            axis.labelpad = axis.labelpad * share
