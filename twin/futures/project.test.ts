import { expect, test } from 'vitest'
import { SCARCE, SHORT_TROUBLE } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { libraryOf, parseContestantOn } from '../../scenarios/contestant.ts'
import { policiesOf } from '../../scenarios/worker.ts'
import { runUntil, step } from '../../sim/engine.ts'
import { checkBooks, checkLaws } from '../../sim/laws.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { nowMs } from '../../sim/world.ts'
import { openReality } from '../reality/open-reality.ts'
import { openSelf } from '../reality/self.ts'
import type { LiveView } from '../state/live-state.ts'
import { measure, measureNames, measuresOfView, measureView } from './measures.ts'
import { openFutures } from './open-future.ts'
import { plainView, viewOf } from './plain-view.ts'
import { presentOf } from './present.ts'

const POLICIES = 'live-greedy'
const calm: ScenarioSpec = { name: 'calm', about: 'Nothing happens.', days: 4 }

async function told(spec: NetworkSpec, scenario: ScenarioSpec, seed: string, runMs: number) {
  const world = { spec, scenario, policies: POLICIES, seed, days: 9, fromMs: Date.UTC(2026, 10, 10), offsetMinutes: 60 }
  const reality = await openReality(world)
  const { far, state } = openSelf()
  const tell = async (untilMs: number): Promise<void> => {
    await far.send(reality.until(untilMs).map((event) => JSON.stringify(event)))
  }
  await tell(runMs)
  return { reality, state, tell }
}

async function futuresOf(view: LiveView, spec: NetworkSpec, seed: string) {
  const present = presentOf(view, spec, 60)
  const contestant = await parseContestantOn(spec, POLICIES)
  const policies = policiesOf(await libraryOf([contestant]), contestant)
  const open = openFutures({
    network: compileNetwork(spec),
    spec,
    present,
    scenario: present.conditions,
    policies,
    solver: null,
    seed,
    hours: 24,
  })
  return { present, open }
}

test.each([
  ['an ordinary noon', smallWorld(), calm, 2.5 * DAY_MS],
  ['a night after a sale, a storm and an outage, where all endings happen', SCARCE, SHORT_TROUBLE, 2.1 * DAY_MS],
])(
  '%s is taken over parcel by parcel: stages, backlog and shelves are those of the world that was told',
  async (_, spec, scenario, runMs) => {
    const { reality, state } = await told(spec, scenario, 'p', runMs)
    const { present, open } = await futuresOf(state, spec, 'f')
    expect(present.leftOut).toEqual({})
    const count = measuresOfView(spec)
    const hidden = new Float64Array(measureNames(spec).length)
    measure(reality.sim, hidden)
    expect([...measureView(state, spec)]).toEqual([...hidden.slice(0, count)])
    for (const replication of [0, 1, 2]) {
      const sim = open(replication)
      checkBooks(sim)
      const here = new Float64Array(hidden.length)
      measure(sim, here)
      expect([...here.slice(0, count)]).toEqual([...hidden.slice(0, count)])
      expect(Array.from(sim.world.onHand)).toEqual(Array.from(reality.sim.world.onHand))
      expect(Array.from(sim.world.backlog)).toEqual(Array.from(reality.sim.world.backlog))
      expect(Array.from(sim.world.reserved)).toEqual(Array.from(reality.sim.world.reserved))
      // What was ordered from suppliers is known, unit by unit; when it comes is drawn.
      expect(Array.from(sim.world.onOrder)).toEqual(Array.from(reality.sim.world.onOrder))
    }
  },
)

test('what goes on from there keeps every law, after every event of a day and a half', async () => {
  const { state } = await told(SCARCE, SHORT_TROUBLE, 'q', 1.6 * DAY_MS)
  const { open } = await futuresOf(state, SCARCE, 'f')
  const sim = open(3)
  const look = checkLaws(1)
  const untilMs = nowMs(sim.world) + 36 * HOUR_MS
  while (nowMs(sim.world) < untilMs && step(sim)) look(sim)
  checkBooks(sim)
})

test('two replications differ, and one made twice does not', async () => {
  const { state } = await told(smallWorld(), calm, 'r', 2.5 * DAY_MS)
  const { open } = await futuresOf(state, smallWorld(), 'f')
  const after = (replication: number): number[] => {
    const sim = open(replication)
    runUntil(sim, nowMs(sim.world) + DAY_MS)
    const into: number[] = []
    measure(sim, into)
    return into
  }
  const first = after(4)
  expect(after(5)).not.toEqual(first)
  expect(after(4)).toEqual(first)
})

test('goods come when suppliers usually bring them, given that they have not come yet; a warehouse that tells nothing of its purchases is supposed to have some', async () => {
  const { state } = await told(SCARCE, calm, 's', 3.4 * DAY_MS)
  const { open, present } = await futuresOf(state, SCARCE, 'f')
  expect(present.inbound.shelf.length).toBeGreaterThan(5)
  const ordered = present.inbound.units.reduce((a, b) => a + b, 0)
  const arrivals = [0, 1, 2, 3].map((replication) => {
    const { world } = open(replication)
    const days: number[] = []
    const today = Math.floor(nowMs(world) / DAY_MS)
    for (let ahead = 0; ahead < world.size.inboundDays; ahead++) {
      const from = ((today + ahead) % world.size.inboundDays) * world.onHand.length
      const slot = Array.from(world.onHand, (_, shelf) => world.inbound[from + shelf])
      days.push(slot.reduce((a, b) => a + b, 0))
    }
    return days
  })
  for (const days of arrivals) expect(days.reduce((a, b) => a + b, 0)).toBe(ordered)
  // The morning of today is over.
  for (const days of arrivals) expect(days[0]).toBe(0)
  expect(new Set(arrivals.map((days) => days.join())).size).toBeGreaterThan(1)

  const silent: LiveView = { ...viewOf(plainView(state)), inbound: () => ({ warehouses: [], lines: [] }) }
  const { world } = (await futuresOf(silent, SCARCE, 'f')).open(0)
  const supposed = Array.from(world.onOrder).reduce((a, b) => a + b, 0)
  expect(supposed).toBeGreaterThan(0)
  expect(supposed).not.toBe(ordered)
})
