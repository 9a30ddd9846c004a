"""The street's own picture, pixel by pixel, and what has lately taken its place.

Each pixel has one background, and one candidate at most (`candidates`) where a value that differs
from the background has been met. What a person or a vehicle covers is neither learned nor
forgotten.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viahe_detector import lighting
from viahe_detector.alignment import Alignment
from viahe_detector.candidates import Candidates
from viahe_detector.planes import Planes, Where, apart, resized, shrunk

LEARNING_S = 20.0
"""Time constant with which the background follows slow light where nothing has changed."""
NOISE_RATE = 0.1
"""Share of one look in the running noise of a pixel."""
NOISE_LEAST = np.float32(1.5)
LUMA_NOISES, LUMA_LEAST, LUMA_MOST = 3.5, 14.0, 60.0
"""A luma difference counts from this many times the pixel's noise on, within these limits."""
BRIGHT, DARKEST = np.float32(90), np.float32(0.45)
"""Below this brightness a smaller difference counts, in proportion, down to so much of the least:
the same bag on the same paving differs by less in the dark."""
CHROMA_LEAST = 9.0
JUMP = np.float32(1.2)
"""A gain from one look to the next that is light switched, or a camera's exposure set anew."""
OTHER_LAMPS_SHARE = 0.05
"""The share of the picture that differs after a jump of light from which other lamps are thought
of: one thing left fills less."""
UPSET_SHARE = 0.5
"""Above this share of changed pixels the picture as a whole has changed, not things in it."""
UPSET_LOOKS = 3
"""Looks in a row after which an upset picture is the street's new picture."""
UNLIT_DARKER, UNLIT_BRIGHTER, UNLIT_CHROMA = 0.75, 1.35, 16.0
"""How much darker and brighter, and how much another colour, ground that was hidden as the light
changed may turn out to be than was thought: lamps and glare light no two places alike."""
LEAST_MET = 2
"""Looks that must have met a pixel's value for it to be the street's: what was there in one look
alone was on its way."""
_ARRAYS = ("street", "known", "met", "noise")
_UNKEPT = ("_unlit", "_crossed")
_SHADES = ("street", "noise", "shades")
_KEPT_AS = {"shades": "candidate"}


class Background:
    """One camera's background. Bounded: some forty bytes a pixel, whatever is seen."""

    def __init__(self, height: int, width: int) -> None:
        self.shape = (height, width)
        self.street: Planes = np.zeros((3, height, width), np.float32)
        self.known: Where = np.zeros((height, width), np.bool_)
        self.met = np.zeros((height, width), np.uint8)
        self.noise = np.full((height, width), 3.0, np.float32)
        self.candidates = Candidates(height, width)
        self.upset = 0
        self.last_t: float | None = None
        self._unlit = np.zeros((height, width), np.bool_)
        """Ground that was hidden as the light changed, and has not been seen since."""
        self._crossed = np.zeros((height, width), np.bool_)
        """Ground that was met in one look alone, and that somebody has been before since."""

    def look(
        self, t: float, now: Planes, free: Where, shaken: bool = False, crossed: Where | None = None
    ) -> bool:
        """Takes in the picture at `t`; `free` are the pixels nothing is known to cover.

        Into the view of a camera that is carried along ground comes shortly before whoever walks
        there: `crossed` are the pixels that somebody is before in it. In a picture that was
        `shaken`, and moved back, a pixel may be its neighbour. False if the picture as a whole
        changed, so that single places say nothing.
        """
        elapsed = 0.0 if self.last_t is None else max(0.0, t - self.last_t)
        before = t if self.last_t is None else self.last_t
        self.last_t = t
        usable = free & self.known
        jumped = self._follow_light(now, usable)
        strength = apart(now, self.street, shaken)
        changed = self._differs(strength)
        if jumped or self._is_most(changed, usable):
            jumped |= self._lit_in_parts(now, usable, changed, shaken)
            strength = apart(now, self.street, shaken)
            changed = self._differs(strength)
        if self._is_upset(changed, usable, now, free):
            return False
        taken = np.zeros_like(changed)
        if jumped:
            taken = self._taken_as_street(now, usable, changed)
            self._unlit |= ~usable & ~self.candidates.grown
        taken |= self._seen_in_new_light(now, usable, changed & ~taken)
        changed &= ~taken
        calm = usable & ~changed
        # Once is not twice: what passed by as the light changed was taken for the street too.
        self._learn(now, calm & ~taken, elapsed)
        if crossed is not None:
            self._crossed |= crossed & self.known
        self._crossed &= self.met < LEAST_MET
        passed = usable & changed & (self.met < LEAST_MET) & ~self._crossed
        self._start(now, passed)
        changed &= ~passed
        self.candidates.chances[usable] += 1
        alike = ~self._differs(apart(now, self.candidates.shades, shaken))
        matched = self.candidates.meet(t, before, now, usable & changed, alike)
        self.candidates.seen_through(calm)
        noisy = usable & ~matched
        error = np.minimum(strength[0], LUMA_MOST) - self.noise
        np.add(self.noise, NOISE_RATE * error, out=self.noise, where=noisy)
        self._start(now, free & ~self.known)
        return True

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything there is to know, for `from_arrays`."""
        last_t = np.array([np.nan if self.last_t is None else self.last_t])
        kept = {_KEPT_AS.get(name, name): getattr(of, name) for of, name in self._kept()}
        return kept | {"last_t": last_t}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> "Background":
        """Raises KeyError or ValueError if arrays are missing, or of other shapes or types."""
        height, width = arrays["known"].shape
        background = cls(height, width)
        for of, name in background._kept():
            fresh: NDArray[Any] = getattr(of, name)
            kept = arrays[_KEPT_AS.get(name, name)]
            if kept.shape != fresh.shape or kept.dtype != fresh.dtype:
                raise ValueError(f"{name} has another shape or type")
            setattr(of, name, kept)
        (last_t,) = arrays["last_t"].tolist()
        background.last_t = None if np.isnan(last_t) else last_t
        return background

    def seen_as(self, lies: Alignment) -> None:
        """Goes on in the frame of the picture that `lies` so; what comes into view is unknown."""
        for of, name in self._all():
            setattr(of, name, lies.seen(getattr(of, name)))

    def resized(self, height: int, width: int) -> "Background":
        """The same of pictures of another size."""
        other = Background(height, width)
        for (of, name), (into, _) in zip(self._all(), other._all(), strict=True):
            figures = getattr(of, name)
            setattr(into, name, (shrunk if name in _SHADES else resized)(figures, height, width))
        other.upset, other.last_t = self.upset, self.last_t
        return other

    def absorb(self, where: Where) -> None:
        """Takes what is there now as the street's own from now on."""
        self.street[:, where] = self.candidates.shades[:, where]
        self.candidates.forget(where)

    def _kept(self) -> Iterator[tuple[object, str]]:
        """Whose the arrays are that `arrays` tells, and their names."""
        yield from ((self, name) for name in _ARRAYS)
        yield from ((self.candidates, name) for name in Candidates.ARRAYS)

    def _all(self) -> Iterator[tuple[object, str]]:
        yield from self._kept()
        yield from ((self, name) for name in _UNKEPT)

    def _follow_light(self, now: Planes, usable: Where) -> bool:
        """Brings background and candidates into the light (and white balance) of `now`; whether
        that is so much another that what still differs is the light's doing."""
        part = (slice(None, None, 3), slice(None, None, 3))
        new, told = now[0][part], usable[part]
        gain = lighting.gain(self.street[0][part], new, told)
        if gain is None:
            return False
        self._lit(gain)
        curve = lighting.curve(self.street[0][part], new, told)
        if curve is not None:
            for picture in (self.street, self.candidates.shades):
                picture[0] *= np.interp(picture[0], *curve).astype(np.float32)
        for plane in (1, 2):
            drift = np.median(now[plane][part][told] - self.street[plane][part][told])
            self.street[plane] += drift
            self.candidates.shades[plane] += drift
        return curve is not None or not 1 / JUMP <= gain <= JUMP

    def _taken_as_street(self, now: Planes, usable: Where, changed: Where) -> Where:
        """Where what differs in a new light is the street's own; what had lasted already is not.

        What is as was thought is taken as it is seen too: an error of a few greys would come out
        as change at some later look.
        """
        own = usable & ~self.candidates.grown
        np.copyto(self.street, now, where=own & ~changed)
        self._start(now, own & changed)
        return np.asarray(own & changed)

    def _seen_in_new_light(self, now: Planes, usable: Where, changed: Where) -> Where:
        """Where ground is seen for the first time in a new light, and is much as was thought."""
        seen = usable & self._unlit
        self._unlit &= ~usable
        if not seen.any():
            return seen
        gain = now[0] / np.maximum(self.street[0], 1.0)
        colour = np.abs(now[1:] - self.street[1:]).max(0)
        lit = (gain >= UNLIT_DARKER) & (gain <= UNLIT_BRIGHTER) & (colour <= UNLIT_CHROMA)
        mild = seen & changed & lit
        self._start(now, mild)
        return np.asarray(mild)

    def _lit_in_parts(self, now: Planes, usable: Where, changed: Where, shaken: bool) -> bool:
        """Brings all into the light of each part of the picture, where that explains much of what
        differs: lamps do not light all ground alike, and what somebody hides as they are switched
        will be seen in their light too."""
        seen, differing = np.count_nonzero(usable), np.count_nonzero(changed & usable)
        if differing < OTHER_LAMPS_SHARE * seen:
            return False
        before = self._in_part_light(now, usable)
        left_over = self._differs(apart(now, self.street, shaken)) & usable
        if np.count_nonzero(left_over) <= lighting.BETTER * differing:
            return True
        self.street, self.candidates.shades, self.noise = before
        return False

    def _in_part_light(self, now: Planes, usable: Where) -> tuple[Planes, Planes, Planes]:
        """Brings background and candidates into the light of each part; as they were before."""
        before = self.street.copy(), self.candidates.shades.copy(), self.noise.copy()
        self._lit(lighting.field(self.street[0], now[0], usable))
        for plane in (1, 2):
            drift = lighting.drift(self.street[plane], now[plane], usable)
            self.street[plane] += drift
            self.candidates.shades[plane] += drift
        return before

    def _lit(self, gain: NDArray[np.float32] | np.float32) -> None:
        self.street[0] *= gain
        self.candidates.shades[0] *= gain
        np.maximum(self.noise * gain, NOISE_LEAST, out=self.noise)

    def _is_most(self, changed: Where, usable: Where) -> bool:
        seen = np.count_nonzero(usable)
        return bool(seen > 0 and np.count_nonzero(changed & usable) >= UPSET_SHARE * seen)

    def _differs(self, strength: Planes) -> Where:
        dim = np.clip(self.street[0] / BRIGHT, DARKEST, np.float32(1))
        least = np.clip(LUMA_NOISES * self.noise, LUMA_LEAST * dim, LUMA_MOST)
        return np.asarray(
            (strength[0] > least) | (np.maximum(strength[1], strength[2]) > CHROMA_LEAST)
        )

    def _is_upset(self, changed: Where, usable: Where, now: Planes, free: Where) -> bool:
        if not self._is_most(changed, usable):
            self.upset = 0
            return False
        self.upset += 1
        if self.upset >= UPSET_LOOKS:
            self._begin_again(now, free)
        return True

    def _begin_again(self, now: Planes, free: Where) -> None:
        """The street's new picture; places with something lasting stay as they were."""
        kept = self.candidates.lasting & self.known
        self.known &= kept
        self._start(now, free & ~kept)
        self.candidates.shades[:, kept] = now[:, kept]
        self.upset = 0

    def _start(self, now: Planes, where: Where) -> None:
        np.copyto(self.street, now, where=where)
        self.known |= where
        self.met[where] = 1
        self._crossed &= ~where
        self.candidates.forget(where)

    def _learn(self, now: Planes, where: Where, elapsed: float) -> None:
        rate = np.float32(1 - np.exp(-elapsed / LEARNING_S))
        np.add(self.street, rate * (now - self.street), out=self.street, where=where)
        self.met[where & (self.met < LEAST_MET)] += 1
