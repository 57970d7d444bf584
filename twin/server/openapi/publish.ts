/** Writes the document of a server with all its wings as a file for others: `node twin/server/openapi/publish.ts`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadNetwork } from '../../../scenarios/read/network.ts'
import { openAlerts } from '../../alerts/alert-wing.ts'
import { decisionWing } from '../../decide/api/decision-wing.ts'
import { openOffice } from '../../govern/office.ts'
import { openKeyStore } from '../../ingest/seal.ts'
import { judge } from '../../judge/judge.ts'
import { consoleWing } from '../../live/console-wing.ts'
import { openSqliteLog } from '../../log/sqlite.ts'
import { bundlesIn } from '../../rollout/bundles.ts'
import { RolloutDesk } from '../../rollout/desk.ts'
import { rolloutWing } from '../../rollout/rollout-wing.ts'
import { NOBODY_ASKED } from '../access.ts'
import { openApp, type Wing } from '../app.ts'
import { STATES } from '../states.ts'
import { openTwin } from '../twin.ts'

export const PUBLISHED = fileURLToPath(new URL('../openapi.json', import.meta.url))

/** All wings of a server, on the network that comes along. */
export async function allWings(): Promise<readonly Wing[]> {
  const { spec, card } = await loadNetwork('brazil')
  const { desk, wing } = openAlerts({ spec, rules: [], hooks: [] })
  const policies = 'live-greedy'
  const offsetMinutes = -180
  const rollouts: Wing = async (app, { twin, office }) => {
    if (office === undefined || office === null) return
    const { book, registry } = office
    const bundles = bundlesIn(registry.store)
    const { id: fallback } = await registry.register(policies, 'serve')
    // Nobody decides here, so nothing is judged: the routes are those of a server that does.
    const decisions = { since: async function* () {}, onDecisions: () => () => {} }
    const onTrouble = (error: Error): void => app.log.error({ err: error }, 'rollouts')
    const desk = await RolloutDesk.open({
      book,
      registry,
      bundles,
      twin,
      decisions,
      judge,
      fallback,
      regionOf: () => '',
      offsetMinutes,
      onTrouble,
    })
    await rolloutWing({ desk, registry, bundles, judge })(app, { twin, office })
  }
  return [
    wing,
    rollouts,
    decisionWing({ spec, policies, offsetMinutes, plane: null, registry: null }),
    consoleWing({ page: new Map(), spec, outline: card.outline, alerts: desk }),
  ]
}

/** The document as the server answers it, one line for each key so that changes can be read. */
export async function published(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-openapi-'))
  const twin = await openTwin({
    log: await openSqliteLog(join(folder, 'twin.db')),
    keys: openKeyStore(join(folder, 'keys.db')),
    states: STATES,
    deskFile: join(folder, 'quarantine'),
    now: Date.now,
    aheadMs: 0,
    heldBytesMax: 1_000_000,
  })
  const office = await openOffice({ file: join(folder, 'twin.db'), env: {}, now: Date.now, say: () => {} })
  const app = await openApp(twin, { access: NOBODY_ASKED, logTo: null, wings: await allWings(), office })
  try {
    const { payload } = await app.inject({ method: 'GET', url: '/v1/openapi.json' })
    return `${JSON.stringify(JSON.parse(payload), null, 2)}\n`
  } finally {
    await app.close()
    await office.close()
    await twin.close()
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) writeFileSync(PUBLISHED, await published())
