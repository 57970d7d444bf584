import { gammaLevel } from '../../sim/distribution.ts'
import { KIND } from '../../sim/kinds.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { draw, PURPOSE } from '../../sim/random.ts'
import type { Sim } from '../../sim/sim.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import { listOf, nowMs, REG } from '../../sim/world.ts'
import { hourOfDay } from './run-calendar.ts'
import { carrierSource, hubSource, MARKET, probeSource, WEATHER, warehouseSource } from './sources.ts'
import type { Telling } from './telling.ts'

/** Stations say what waits there so often. */
const LOAD_EVERY_MS = 30 * MINUTE_MS
/** Weather is told again where it has changed by so much. */
const WEATHER_STEP = 0.02

/**
 * What is told of everything that is no order: stations, carriers, hubs, weather, sales, air in the warehouses. Read from the world after its events.
 *
 * A severity of the simulator has no upper end (1 is a bad day); what is told goes from 0 to 1, as s / (1 + s).
 */
export class Surroundings {
  private readonly sim: Sim
  private readonly spec: NetworkSpec
  private readonly telling: Telling
  private readonly weather: Float64Array
  private readonly carriers: Float64Array
  private readonly hubs: Float64Array
  private toldLoadMs = Number.NEGATIVE_INFINITY
  private toldHour = -1

  constructor(sim: Sim, spec: NetworkSpec, telling: Telling) {
    this.sim = sim
    this.spec = spec
    this.telling = telling
    this.weather = new Float64Array(sim.network.Z)
    this.carriers = new Float64Array(sim.network.S).fill(Number.NaN)
    this.hubs = new Float64Array(sim.network.H).fill(Number.NaN)
  }

  /** After an event of this kind, for this warehouse where it is a shift. */
  watch(kind: number, warehouse: number): void {
    const now = nowMs(this.sim.world)
    if (kind === KIND.shift) this.loadOf(warehouse)
    if (kind !== KIND.scene && kind !== KIND.pulse) return
    if (now - this.toldLoadMs >= LOAD_EVERY_MS) {
      this.toldLoadMs = now
      for (let w = 0; w < this.sim.network.W; w++) this.loadOf(w)
    }
    if (kind !== KIND.scene) return
    if (this.toldHour < 0) this.sales()
    this.skies()
    this.capacities()
    const hour = Math.floor(now / HOUR_MS)
    if (hour === this.toldHour) return
    this.toldHour = hour
    this.air()
    if (now % DAY_MS === 0) this.talk()
  }

  private loadOf(w: number): void {
    const { world } = this.sim
    const { d } = world
    const warehouse = this.spec.warehouses[w].id
    const length = (list: (express: number) => number): number => world.listLength[list(0)] + world.listLength[list(1)]
    let onDock = 0
    for (let s = 0; s < d.S; s++) onDock += world.listLength[listOf.staged(d, w, s)]
    const said = (station: string, queue: number, hands: number, busy: number): void => {
      this.telling.tell(warehouseSource(warehouse), 'load', 'station', nowMs(world), {
        warehouse,
        station,
        queue: { value: queue, unit: '{order}' },
        hands: { value: hands, unit: '{person}' },
        ...(hands > 0 ? { busy: { value: Math.round((1000 * busy) / hands) / 1000, unit: '1' } } : {}),
        why: { rule: 'every half hour and when the shift changes' },
      })
    }
    said(
      'pick',
      length((express) => listOf.pick(d, w, express)),
      world.pickers[w],
      world.picking[w],
    )
    said(
      'pack',
      length((express) => listOf.pack(d, w, express)),
      world.packers[w],
      world.packing[w],
    )
    said('dock', onDock, 0, 0)
  }

  /** What the vans of a zone feel of it: the simulator keeps the weather at its doors as a factor on their room. */
  private skies(): void {
    const { world, network } = this.sim
    for (let z = 0; z < network.Z; z++) {
      const { lastMile } = network.weather.sensitivity
      const severity = lastMile > 0 ? Math.max(0, (1 / world.lastMile[z] - 1) / lastMile) : 0
      const told = Math.round((1000 * severity) / (1 + severity)) / 1000
      if (Math.abs(told - this.weather[z]) < WEATHER_STEP && (told > 0 || this.weather[z] === 0)) continue
      this.weather[z] = told
      this.telling.tell(WEATHER, 'weather', 'observed', nowMs(world), {
        zone: this.spec.zones[z].id,
        severity: { value: told, unit: '1' },
        rain: { value: Math.round(80 * told) / 10, unit: 'mm/h' },
        why: { rule: 'hourly observation' },
      })
    }
  }

  private capacities(): void {
    const { world, network } = this.sim
    for (let s = 0; s < network.S; s++) {
      if (this.carriers[s] === world.departCapacity[s]) continue
      this.carriers[s] = world.departCapacity[s]
      const service = this.spec.services[s].id
      for (let w = 0; w < network.W; w++) {
        const { capacity } = network.timetables[s]
        let perWeek = 0
        for (let at = w; at < capacity.length; at += network.W) perWeek += capacity[at]
        this.telling.tell(carrierSource(service), 'capacity', 'carrier', nowMs(world), {
          service,
          warehouse: this.spec.warehouses[w].id,
          room: { value: Math.round((perWeek / 7) * world.departCapacity[s] * 100) / 100, unit: '{parcel}/d' },
          why: { rule: 'the carrier announces its room' },
        })
      }
    }
    for (let h = 0; h < network.H; h++) {
      if (this.hubs[h] === world.hubCapacity[h]) continue
      this.hubs[h] = world.hubCapacity[h]
      const hub = this.spec.hubs[h].id
      this.telling.tell(hubSource(hub), 'capacity', 'hub', nowMs(world), {
        hub,
        room: { value: Math.round(24 * network.hubPerHour[h] * world.hubCapacity[h]), unit: '{parcel}/d' },
        why: { rule: 'the hub says what it can sort' },
      })
    }
  }

  /** Sales of the scenario that are announced, told when the run begins. */
  private sales(): void {
    const { scene, world } = this.sim
    scene.demand.forEach((part, i) => {
      if (!part.announced) return
      this.telling.tell(MARKET, 'promotions', 'announced', nowMs(world), {
        promotion: `sale-${i + 1}`,
        demand: { value: part.factor, unit: '1' },
        from: this.telling.at(part.fromMs),
        until: this.telling.at(part.toMs),
        why: { rule: 'the calendar of sales' },
      })
    })
  }

  /** How much is talked about the shop: the level of the day's demand, seen through a noise of 10 %. */
  private talk(): void {
    const { world, dice } = this.sim
    const day = Math.floor(nowMs(world) / DAY_MS)
    const seen = world.regs[REG.dayLevel] * gammaLevel(0.1, draw(dice, day, PURPOSE.sensor, 1))
    this.telling.tell(MARKET, 'promotions', 'social-index', nowMs(world), {
      index: { value: Math.round(100 * seen) / 100, unit: '1' },
      why: { rule: 'daily index' },
    })
  }

  /** Air in the warehouses: a mean of 21 °C, 3 °C warmer in the afternoon, and what doors that stand open make of it. */
  private air(): void {
    const { world, network, dice } = this.sim
    const now = nowMs(world)
    const hour = Math.floor(now / HOUR_MS)
    const daily = 3 * Math.sin(((hourOfDay(now) - 9) / 24) * 2 * Math.PI)
    for (let w = 0; w < network.W; w++) {
      const warehouse = this.spec.warehouses[w].id
      const noise = 1.5 * (draw(dice, hour * network.W + w, PURPOSE.sensor, 2) - 0.5)
      this.telling.tell(probeSource(warehouse), 'temperature', 'site', now, {
        device: `probe-${warehouse}`,
        warehouse,
        temperature: { value: Math.round(10 * (21 + daily + noise)) / 10, unit: 'Cel' },
        humidity: { value: Math.round(60 - 4 * daily), unit: '%' },
        why: { rule: 'hourly reading' },
      })
    }
  }
}
