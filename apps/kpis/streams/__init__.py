"""The streams of dated records that measures are counted from, a module per kind of fact.

A stream has arms; each arm says where its records are, on which day one falls and to which rep it is credited. Every arm of
a stream gives the same columns, the first of which are `record, day, rep, share, crew, region`: the fact's id, its day, its
rep, the rep's share of it (0..1), all credited reps where there are several, and the customer's region or 0.
"""

from apps.kpis.streams import activities, campaigns, customers, deals, leads, quotes, reps
from apps.kpis.streams.arms import FOREVER, UNDATED, Arm, Stream

__all__ = ["FOREVER", "SOURCES", "STREAMS", "UNDATED", "Arm", "Stream"]

STREAMS = {stream.key: stream for module in (deals, quotes, leads, campaigns, customers, activities, reps) for stream in module.STREAMS}
SOURCES = tuple(dict.fromkeys(stream.source for stream in STREAMS.values() if stream.source))
