import { loadNetwork } from '../../scenarios/read/network.ts'
import { openAlerts } from '../../twin/alerts/alert-wing.ts'
import { readAlertRules } from '../../twin/alerts/read-rules.ts'
import { readHooks } from '../../twin/alerts/webhook.ts'
import { decisionWing } from '../../twin/decide/api/decision-wing.ts'
import { type DecisionsOptions, liveDecisions } from '../../twin/decide/live-decisions.ts'
import { consoleWing } from '../../twin/live/console-wing.ts'
import { consolePage } from '../../twin/live/page.ts'
import type { Wing } from '../../twin/server/app.ts'
import { offsetMinutes } from './clock-offset.ts'

/** What a twin has beside its routes: alerts by the rules of a file (null: those that come along), and the live page of a network. */
export async function wingsOf(options: {
  readonly network: string
  readonly page: boolean
  readonly alerts: string | null
  /** Who decides in dry runs of decisions; null: none are made. */
  readonly policies: string | null
  readonly offset: string
  /** Threads that decide, and where; null: none do. */
  readonly decisions?: Pick<DecisionsOptions, 'file' | 'host' | 'port' | 'threads' | 'isPlayed' | 'standing' | 'say'> | null
}): Promise<readonly Wing[]> {
  const { spec, card } = await loadNetwork(options.network)
  const { desk, wing } = openAlerts({
    spec,
    rules: readAlertRules(options.alerts),
    hooks: readHooks(process.env.ORRERY_WEBHOOKS),
  })
  const minutes = offsetMinutes(options.offset)
  const wings = [wing]
  let rollouts: ReturnType<typeof liveDecisions>['onRollout'] | null = null
  if (options.policies !== null) {
    const { policies, decisions = null } = options
    const parts = { spec, policies, offsetMinutes: minutes }
    if (decisions === null) wings.push(decisionWing({ ...parts, plane: null, registry: null }))
    else {
      const { ORRERY_KEYS: keys, ORRERY_JWT: tokens, ORRERY_PACES: paces, ORRERY_PSEUDONYM_KEY: pseudonymKey } = process.env
      const live = liveDecisions({ ...parts, ...decisions, keys, tokens, paces, pseudonymKey })
      wings.push(live.wing)
      rollouts = live.onRollout
    }
  }
  if (options.page) {
    const page = await consolePage()
    const drawn = { page, spec, outline: card.outline, alerts: desk }
    wings.push(consoleWing(rollouts === null ? drawn : { ...drawn, rollouts }))
  }
  return wings
}
