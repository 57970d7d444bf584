import { loadNetwork } from '../../scenarios/read/network.ts'
import { consoleWing } from '../../twin/live/console-wing.ts'
import type { Wing } from '../../twin/server/app.ts'

/** The live page of a network, by its name. */
export async function consolePageOf(name: string): Promise<Wing> {
  const { spec, card } = await loadNetwork(name)
  return consoleWing({ spec, outline: card.outline })
}
