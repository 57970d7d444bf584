import { parseContestantOn } from '../../../scenarios/contestant.ts'
import type { Wing } from '../../server/app.ts'
import { askingRoutes } from './asking-routes.ts'
import { decisionRoutes } from './decision-routes.ts'
import { DeskClient } from './desk-client.ts'
import { outcomeRoutes } from './outcome-routes.ts'
import type { ApiParts } from './parts.ts'
import { policyRoutes } from './policy-routes.ts'

/** Everything about decisions that the server of pages and people answers; decisions themselves it passes on to the threads that make them. */
export function decisionWing(parts: ApiParts): Wing {
  return async (app, { twin }) => {
    // Words that name no policy are told at the start, and not to whoever asks first.
    await parseContestantOn(parts.spec, parts.policies)
    const desk = new DeskClient({ ...parts, twin })
    app.addHook('onClose', () => desk.close())
    const all = { ...parts, twin, desk }
    for (const routes of [decisionRoutes, askingRoutes, outcomeRoutes, policyRoutes]) await routes(app, all)
  }
}
