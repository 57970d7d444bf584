import type { NetworkSpec } from '../../sim/network-spec.ts'
import { MAY } from '../server/access.ts'
import type { Wing } from '../server/app.ts'
import { readAsked } from './asked.ts'
import { PresentDesk } from './present-desk.ts'

/** `POST /v1/decisions:evaluate`: where an order would ship from now, with its terms and the next best. A dry run: nothing is reserved or kept. */
export function evaluateWing(spec: NetworkSpec, policies: string, offsetMinutes: number): Wing {
  return async (app, { twin }) => {
    const desk = await PresentDesk.open(spec, twin.state, policies, offsetMinutes)
    app.post('/v1/decisions::evaluate', { config: { may: MAY.ask, pace: 'decide' } }, async ({ body }) =>
      desk.evaluate(readAsked(body, spec)),
    )
  }
}
