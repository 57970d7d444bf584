import type { Wing } from '../../server/app.ts'
import { PresentDesk } from '../present-desk.ts'
import { decisionRoutes } from './decision-routes.ts'
import { forecastRoutes } from './forecasts.ts'
import { outcomeRoutes } from './outcome-routes.ts'
import type { ApiParts } from './parts.ts'
import { policyRoutes } from './policy-routes.ts'
import { priceRoutes } from './prices.ts'
import { promiseRoutes } from './promises.ts'

/** Everything about decisions that the server of pages and people answers; decisions themselves it passes on to the threads that make them. */
export function decisionWing(parts: ApiParts): Wing {
  return async (app, { twin }) => {
    const desk = await PresentDesk.open(parts.spec, twin.state, parts.policies, parts.offsetMinutes)
    const all = { ...parts, twin, desk }
    for (const routes of [decisionRoutes, promiseRoutes, outcomeRoutes, priceRoutes, policyRoutes, forecastRoutes])
      await routes(app, all)
  }
}
