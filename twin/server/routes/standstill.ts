import { didYouMean } from '../../../scenarios/read/suggest.ts'
import { nextVans } from '../../../sim/journey.ts'
import { compileNetwork } from '../../../sim/network.ts'
import type { NetworkSpec } from '../../../sim/network-spec.ts'
import { hubsOfZones } from '../../../sim/reach.ts'
import { writeMoment } from '../../event/moment.ts'
import { calendarAt } from '../../futures/present.ts'
import type { NextVans } from '../../order/standstill.ts'
import { standstillOf } from '../../order/standstill.ts'
import { knownNames } from '../../state/known-names.ts'
import type { TwinState } from '../../state/state.ts'
import { MAY } from '../access.ts'
import type { Server } from '../http.ts'
import { HttpProblem } from '../problem-json.ts'
import type { Twin } from '../twin.ts'
import { keepLessons } from './dossiers.ts'
import { textIn } from './reading.ts'

const USUAL_HOURS = 6
const MOST_HOURS = 168

/** What would move if a hub were shut for some hours, or the vans of a zone went out later. */
export async function standstillRoutes(
  app: Server,
  { twin, spec, offsetMinutes }: { twin: Twin; spec: NetworkSpec | null; offsetMinutes: number },
): Promise<void> {
  const { core } = twin.state as TwinState
  const lessons = keepLessons(twin, core)
  const hubs = spec === null ? new Map<string, string>() : hubsOfZones(spec)
  const network = spec === null ? null : compileNetwork(spec)
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>('/v1/impact', { config: { may: MAY.house } }, async ({ query }) => {
    const hub = textIn(query, 'hub')
    const vans = textIn(query, 'vans')
    if ((hub === null) === (vans === null))
      throw new HttpProblem(400, 'hub: name a hub that is shut, or with vans= the zone whose vans are late; one of the two.', {
        field: 'hub',
      })
    const said = textIn(query, 'hours')
    const hours = said === null ? USUAL_HOURS : Number(said)
    if (!(hours > 0 && hours <= MOST_HOURS))
      throw new HttpProblem(400, `hours: found ${said}; write hours above 0, ${MOST_HOURS} at most.`, { field: 'hours' })
    const trouble = { at: hub === null ? 'vans' : 'hub', id: hub ?? vans ?? '', hours } as const
    const known = knownNames(core, spec)[hub === null ? 'zone' : 'hub'] ?? []
    if (!known.includes(trouble.id)) {
      const field = hub === null ? 'vans' : 'hub'
      throw new HttpProblem(404, `${field}: found "${trouble.id}", which nobody has told of; ${didYouMean(trouble.id, known)}`, {
        field,
      })
    }
    const nowMs = twin.state.asOfMs
    const { zeroMs } = calendarAt(nowMs, offsetMinutes)
    const vansLeave: NextVans | null = network === null ? null : (atMs) => zeroMs + nextVans(network, atMs - zeroMs, 0)
    const hubOf = (zone: string): string | null => hubs.get(zone) ?? null
    const steps = standstillOf(core, await lessons(), twin.state.openOrders(), trouble, nowMs, hubOf, vansLeave)
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return { asOf: writeMoment(nowMs), ...step.value }
      await new Promise((next) => setImmediate(next))
    }
  })
}
