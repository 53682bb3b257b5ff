"""A second world, built otherwise than the first: what is tuned to one simulator fails here.

It shares nothing with the first but the counting. Old datums are seven-parameter sets of another
source with blocks that do not fit each other, noise has the tails of Student's t and of Laplace
with a part common to the session, registers grade their accuracy otherwise, moved markers follow a
half-Cauchy law, and people slip in more ways than the analyser looks for.
"""
