"""Colours that curves are told apart by, with any kind of colour vision.

They are those of M. Okabe and K. Ito, "Color Universal Design" (2008), a grey in place of black; on a light background
the light ones of them are darker. A slot has the same hue on both.
"""

DARK = ("#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#d55e00", "#0072b2", "#bbbbbb")
"""By slot, on a dark background."""

LIGHT = ("#3a93c8", "#b87f00", "#009e73", "#bd6497", "#8f8500", "#d55e00", "#0072b2", "#444444")
"""By slot, on a light background: three times as bright or dark as it, as WCAG 2.1, 1.4.11 asks of graphics."""
