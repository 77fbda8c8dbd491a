"""The elasticity metrics of SPEC RG once more, second by second and without a look at the first implementation.

Reads traces as JSON on stdin: [{"supply": [[ms, n], ...], "demand": [[ms, n], ...], "from": ms, "until": ms}, ...].
Prints one object a trace. The curves are sampled at every whole millisecond step STEP, so moments must be multiples of it.
"""
import json
import sys

STEP = 100


def level(curve, t):
    value = None
    for moment, instances in curve:
        if moment <= t:
            value = instances
    return value


def direction(curve, t, until):
    """The sign of the next real change after t, before the end; 0 when none comes."""
    here = level(curve, t)
    moments = sorted({moment for moment, _ in curve if t < moment < until})
    for moment in moments:
        there = level(curve, moment)
        if there != here:
            return 1 if there > here else -1
    return 0


def changes(curve, begin, until):
    count = 0
    for t in range(begin + STEP, until, STEP):
        if level(curve, t) != level(curve, t - STEP):
            count += 1
    return count


def metrics(trace):
    supply, demand, begin, until = trace["supply"], trace["demand"], trace["from"], trace["until"]
    ticks = range(begin, until, STEP)
    under = over = time_under = time_over = unstable = 0
    for t in ticks:
        has, needs = level(supply, t), level(demand, t)
        under += max(0, needs - has)
        over += max(0, has - needs)
        time_under += needs > has
        time_over += has > needs
        unstable += direction(supply, t, until) != direction(demand, t, until)
    n = len(ticks)
    minutes = (until - begin) / 60000
    return {
        "accuracy": {"under": under / n, "over": over / n},
        "timeshare": {"under": time_under / n, "over": time_over / n},
        "jitter": (changes(supply, begin, until) - changes(demand, begin, until)) / minutes,
        "instability": unstable / n,
    }


json.dump([metrics(trace) for trace in json.load(sys.stdin)], sys.stdout)
