# The models of `bench peers` in SimPy, as its handbook would have them: a process for each customer or order, resources for clerks and hands.
# The order model is stated in order-model.ts. Draws are read from the same file as the others read, so that nobody pays for a generator.
# Usage: peers.py TABLES gc|nogc HOLD_EVENTS CUSTOMERS. Prints one JSON object. CPU time of this process.
import gc
import json
import math
import sys
import time
from array import array

import simpy

FILE = open(sys.argv[1], "rb")
COLLECTS = sys.argv[2] == "gc"
HOLD_EVENTS, CUSTOMERS = int(sys.argv[3]), int(sys.argv[4])


def column():
    length = array("d")
    length.fromfile(FILE, 1)
    values = array("d")
    values.fromfile(FILE, int(length[0]))
    return values.tolist()


def timed(run):
    gc.collect()
    if not COLLECTS:
        gc.disable()
    started = time.process_time()
    answer = run()
    seconds = time.process_time() - started
    gc.enable()
    return seconds, answer


def hold(first, delay, events):
    env = simpy.Environment()
    seen = 0
    total = 0.0
    started = 0.0
    pending = len(first)
    done = env.event()

    def again(at):
        nonlocal seen, total, started
        yield env.timeout(at)
        while True:
            if seen == pending:
                started = time.process_time()
                total = 0.0
            if seen == pending + events:
                if not done.triggered:
                    done.succeed()
                return
            total += env.now
            seen += 1
            yield env.timeout(delay[(seen - 1) & 4095])

    for at in first:
        env.process(again(at))
    env.run(until=done)
    return time.process_time() - started, total


def clerk(gaps, services):
    env = simpy.Environment()
    desk = simpy.Resource(env, 1)
    total = 0.0

    def customer(service):
        nonlocal total
        came = env.now
        with desk.request() as turn:
            yield turn
            yield env.timeout(service)
        total += env.now - came

    def source():
        for gap, service in zip(gaps, services):
            yield env.timeout(gap)
            env.process(customer(service))

    env.process(source())
    env.run()
    return total


def orders(hands, gaps, zones, pick_effort, pack_effort, luck, price, journey):
    W, S, HOUR = 12, 3, 3600000
    O = W * S
    env = simpy.Environment()
    pickers = [simpy.Resource(env, int(hands[0])) for _ in range(W)]
    packers = [simpy.Resource(env, int(hands[1])) for _ in range(W)]
    waiting = [0] * W
    trucks = [env.event() for _ in range(O)]
    prices = [price[z * O : (z + 1) * O] for z in range(100)]
    options = [(o, o // S) for o in range(O)]
    count = len(gaps)
    done = env.event()
    delivered = lead_ms = on_time = checksum = 0

    def order(i):
        nonlocal delivered, lead_ms, on_time, checksum
        placed = env.now
        zone = int(zones[i])
        row = prices[zone]
        least = math.inf
        for o, w in options:
            cents = row[o] + 5 * waiting[w]
            if cents < least:
                least = cents
                best = o
        w = best // S
        checksum += (i * O + best) % 1000003
        waiting[w] += 1
        with pickers[w].request() as turn:
            yield turn
            yield env.timeout(60000 * pick_effort[i])
        with packers[w].request() as turn:
            yield turn
            yield env.timeout(40000 * pack_effort[i])
        waiting[w] -= 1
        yield trucks[best]
        yield env.timeout(journey[zone * O + best] * luck[i])
        lead = env.now - placed
        delivered += 1
        lead_ms += math.floor(lead)
        if lead <= 48 * HOUR:
            on_time += 1
        if delivered == count:
            done.succeed()

    def customers():
        for i in range(count):
            yield env.timeout(gaps[i])
            env.process(order(i))

    def timetable():
        while True:
            yield env.timeout(HOUR)
            for o in range(O):
                leaving, trucks[o] = trucks[o], env.event()
                leaving.succeed()

    env.process(customers())
    env.process(timetable())
    env.run(until=done)
    return {"delivered": delivered, "leadMs": lead_ms, "onTime": on_time, "checksum": checksum}


column()
sizes, delays = column(), column()
answer = {"simpy": simpy.__version__, "python": sys.version.split()[0], "hold": []}
for _ in sizes:
    first = column()
    if len(first) > 10000:
        continue
    _, (seconds, total) = timed(lambda: hold(first, delays, HOLD_EVENTS))
    answer["hold"].append({"pending": len(first), "cpuSeconds": seconds, "checksum": total})
gaps, services = column()[:CUSTOMERS], column()[:CUSTOMERS]
seconds, total = timed(lambda: clerk(gaps, services))
answer["clerk"] = {"cpuSeconds": seconds, "checksum": total}
inputs = [column() for _ in range(8)]
seconds, sums = timed(lambda: orders(*inputs))
answer["orders"] = {"cpuSeconds": seconds, "answer": sums}
print(json.dumps(answer))
