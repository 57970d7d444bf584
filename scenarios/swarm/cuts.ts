import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { ScenarioSpec, Span } from '../../sim/scenario-spec.ts'
import { DAY_MS } from '../../sim/units.ts'
import { parseWhen } from '../../sim/when.ts'
import type { DrawnWorld } from './drawn-world.ts'

/**
 * A drawn world made smaller, to see what a failure needs: each cut has a name, so that a seed with cuts behind it is one word again,
 * such as `17/days=1/skus=2/calm`.
 */
export function cutWorld(world: DrawnWorld, cuts: readonly string[]): DrawnWorld {
  return cuts.reduce((smaller, cut) => {
    const [name, size] = cut.split('=')
    const make = CUTS[name]
    if (make === undefined || (size !== undefined && !/^\d+$/.test(size))) throw new Error(`no cut of a world is called ${cut}`)
    return make(smaller, size === undefined ? 0 : Number(size))
  }, world)
}

/** Smaller worlds to try next, boldest first. */
export function cutsOf(world: DrawnWorld): string[] {
  const { spec, scenario } = world
  const sizes: [string, number][] = [
    ['days', scenario.days ?? 1],
    ['warehouses', spec.warehouses.length],
    ['zones', spec.zones.length],
    ['skus', spec.skus.length],
    ['services', spec.services.length],
    ['hubs', spec.hubs.length],
    ['payments', spec.payments.length],
    ['lines', spec.demand.linesPerOrder.length],
    ['units', spec.demand.unitsPerLine.length],
  ]
  const troubles = LISTS.filter((list) => scenario[list] !== undefined).map((list) => `no-${list}`)
  const smaller = sizes.flatMap(([name, size]) => {
    const half = Math.ceil(size / 2)
    return [1, half, size - 1].filter((to, i, all) => to >= 1 && to < size && all.indexOf(to) === i).map((to) => `${name}=${to}`)
  })
  const single = LISTS.flatMap((list) => ((scenario[list]?.length ?? 0) > 1 ? [`first-${list}`, `last-${list}`] : []))
  return [...troubles, ...smaller, ...single, ...TRAITS.filter((trait) => CUTS[trait](world, 0) !== world)]
}

const LISTS = ['demand', 'weather', 'warehouses', 'carriers', 'hubs', 'suppliers', 'stockErrors', 'blackouts'] as const

type Cut = (world: DrawnWorld, size: number) => DrawnWorld
const ofSpec = (world: DrawnWorld, change: Partial<NetworkSpec>): DrawnWorld => ({ ...world, spec: { ...world.spec, ...change } })
const ofScenario = (world: DrawnWorld, change: Partial<ScenarioSpec>): DrawnWorld => ({
  ...world,
  scenario: withoutEmpty({ ...world.scenario, ...change }),
})

/** Traits of a world that are there or not. A cut that changes nothing gives the same world back. */
const TRAITS = ['calm', 'patient', 'kept', 'sure', 'promptly', 'abrupt', 'even', 'halved']

const CUTS: Readonly<Record<string, Cut>> = {
  ...Object.fromEntries(
    LISTS.flatMap((list): [string, Cut][] => [
      [`no-${list}`, (world) => ofScenario(world, { [list]: [] })],
      [`first-${list}`, (world) => ofScenario(world, { [list]: world.scenario[list]?.slice(0, 1) ?? [] })],
      [`last-${list}`, (world) => ofScenario(world, { [list]: world.scenario[list]?.slice(-1) ?? [] })],
    ]),
  ),
  days: (world, size) => {
    const within = (part: Span) => parseWhen(part.to) <= size * DAY_MS
    const lists = LISTS.map((list) => [list, [...(world.scenario[list] ?? [])].filter(within)])
    return ofScenario(world, { days: size, ...Object.fromEntries(lists) })
  },
  zones: (world, size) => ofSpec(world, { zones: world.spec.zones.slice(0, size) }),
  skus: (world, size) => ofSpec(world, { skus: world.spec.skus.slice(0, size) }),
  services: (world, size) => ofSpec(world, { services: world.spec.services.slice(0, size) }),
  payments: (world, size) => ofSpec(world, { payments: world.spec.payments.slice(0, size) }),
  hubs: (world, size) => ofSpec(world, { hubs: world.spec.hubs.slice(0, size) }),
  warehouses: (world, size) => {
    const warehouses = world.spec.warehouses.slice(0, size)
    const stays = (id: string): boolean => warehouses.some((warehouse) => warehouse.id === id)
    const skus = world.spec.skus.map((sku) => (sku.heldAt ? { ...sku, heldAt: sku.heldAt.filter(stays) } : sku))
    const services = world.spec.services.map((service) =>
      service.from ? { ...service, from: service.from.filter(stays) } : service,
    )
    return ofSpec(world, {
      warehouses,
      skus: skus.filter(({ heldAt }) => heldAt === undefined || heldAt.length > 0),
      services: services.filter(({ from }) => from === undefined || from.length > 0),
    })
  },
  lines: (world, size) => ofDemand(world, { linesPerOrder: shorter(world.spec.demand.linesPerOrder, size) }),
  units: (world, size) => ofDemand(world, { unitsPerLine: shorter(world.spec.demand.unitsPerLine, size) }),
  calm: (world) =>
    world.spec.weather.cellsPerDay === 0 ? world : ofSpec(world, { weather: { ...world.spec.weather, cellsPerDay: 0 } }),
  patient: (world) =>
    world.spec.customers.impatientShare === 0
      ? world
      : ofSpec(world, { customers: { ...world.spec.customers, impatientShare: 0 } }),
  kept: (world) =>
    world.spec.customers.returnShare === 0 ? world : ofSpec(world, { customers: { ...world.spec.customers, returnShare: 0 } }),
  sure: (world) =>
    world.spec.services.every(({ lostShare }) => lostShare === 0)
      ? world
      : ofSpec(world, { services: world.spec.services.map((service) => ({ ...service, lostShare: 0 })) }),
  promptly: (world) => (world.warmupDays === 0 ? world : { ...world, warmupDays: 0 }),
  abrupt: (world) => (world.cooldownDays === 0 ? world : { ...world, cooldownDays: 0 }),
  even: (world) =>
    world.spec.demand.dailyCv === 0 && world.spec.demand.zoneDailyCv === 0
      ? world
      : ofDemand(world, { dailyCv: 0, zoneDailyCv: 0 }),
  halved: (world) =>
    world.spec.demand.ordersPerDay <= 1
      ? world
      : ofDemand(world, { ordersPerDay: Math.max(1, world.spec.demand.ordersPerDay / 2) }),
}

const ofDemand = (world: DrawnWorld, change: Partial<NetworkSpec['demand']>): DrawnWorld =>
  ofSpec(world, { demand: { ...world.spec.demand, ...change } })

/** The first shares; where they are all nothing, the last of them takes all. */
function shorter(shares: readonly number[], size: number): number[] {
  const first = shares.slice(0, size)
  return first.some((share) => share > 0) ? first : [...first.slice(0, -1), 1]
}

/** The schema knows no empty lists of troubles: a list is there or not. */
function withoutEmpty(scenario: ScenarioSpec): ScenarioSpec {
  return Object.fromEntries(
    Object.entries(scenario).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
  ) as ScenarioSpec
}
