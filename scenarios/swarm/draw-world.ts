import type { PolicyCard } from '../../policies/catalog.ts'
import { compileNetwork } from '../../sim/network.ts'
import { dice } from '../../sim/random.ts'
import { compileScene, expectedOrders } from '../../sim/scene.ts'
import { examine } from '../doctor.ts'
import { check, formatPath } from '../read/check.ts'
import { formatProblem } from '../read/problem.ts'
import { NetworkSchema, SkuSchema, ZoneSchema } from '../schema/network-schema.ts'
import { ScenarioSchema } from '../schema/scenario-schema.ts'
import { drawNetwork } from './draw-network.ts'
import { drawPolicies } from './draw-policies.ts'
import { drawScenario } from './draw-scenario.ts'
import { clockOfWorld, type DrawnWorld } from './drawn-world.ts'
import { luckOf } from './luck.ts'

/** A world larger than this is drawn again: thousands of small worlds find more than a few large ones. */
const MOST_ORDERS = 3_000
/** The doctor turns some draws away. Each further one has more capacity; the last few have had enough of it for any network. */
const DRAWS = 12

/** The world of a seed: the first of its draws that the doctor lets through. How many were turned away is told too. */
export function drawWorld(seed: string, cards: readonly PolicyCard[]): { world: DrawnWorld; refused: number } {
  let why: readonly string[] = []
  for (let attempt = 0; attempt < DRAWS; attempt++) {
    const luck = luckOf(seed).in(attempt)
    const spec = drawNetwork(luck.in('network'), attempt / 2)
    const world: DrawnWorld = {
      seed,
      spec,
      scenario: drawScenario(luck.in('scenario'), spec),
      policies: drawPolicies(luck.in('policies'), cards),
      warmupDays: luck.oneOf('warm-up', [0, 0, 1, 3]),
      cooldownDays: luck.oneOf('cool-down', [0, 1]),
    }
    why = refusals(world)
    if (why.length === 0) return { world, refused: attempt }
  }
  throw new Error(`seed ${seed}: none of ${DRAWS} draws is a network that may be run; of the last: ${why.join('; ')}`)
}

/** Why a world may not be run: the same schemas and the same doctor that a planner's files go through, and its size. */
export function refusals(world: DrawnWorld): string[] {
  const { zones, skus, ...base } = world.spec
  const flaws = [
    check(NetworkSchema, base),
    ...zones.map((zone) => check(ZoneSchema, zone)),
    ...skus.map((sku) => check(SkuSchema, sku)),
    check(ScenarioSchema, world.scenario),
  ].flatMap((checked) => (checked.ok ? [] : checked.flaws))
  if (flaws.length > 0) return flaws.map(({ path, found, fix }) => `${formatPath(path)}: found ${found}; ${fix}`)
  const findings = examine({ folder: '', spec: world.spec }, [{ id: 'drawn', spec: world.scenario }])
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ problem }) => formatProblem(problem))
  if (errors.length > 0) return errors
  const network = compileNetwork(world.spec)
  const clock = clockOfWorld(world)
  const scene = compileScene({ ...world, network, dice: dice(world.seed, 0), dayZeroMs: clock.dayZeroMs, endMs: 0 })
  const orders = expectedOrders(network, scene, clock.lastOrderMs, clock.weekStartMs)
  return orders > MOST_ORDERS ? [`${Math.round(orders)} orders, above the ${MOST_ORDERS} a drawn world may have`] : []
}
