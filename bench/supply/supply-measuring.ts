import { inlineMore } from '../../scenarios/inlining.ts'
import { dice } from '../../sim/random.ts'
import { compileSupply, type SupplyNetwork } from '../../sim/supply/network.ts'
import { type SupplyFigures, simulateSupply } from '../../sim/supply/outcome.ts'
import { openSupply } from '../../sim/supply/run.ts'
import { secondsSince } from '../measured.ts'
import { publishedNetwork } from './published-network.ts'

export type SupplyTask = {
  readonly sites: number
  readonly days: number
  readonly linked: 'published' | 'in-turn'
  readonly replication: number
}

/** One run: CPU time of the whole process, compiler and collector threads included; making the network ready is apart. */
export type SupplyMeasured = {
  readonly compileSeconds: number
  readonly cpuSeconds: number
  readonly events: number
  readonly bytes: number
  readonly digest: string
  readonly echelons: { readonly [name: string]: SupplyFigures }
}

export function openSupplyMeasuring(): (task: SupplyTask) => SupplyMeasured {
  inlineMore()
  const ready = new Map<string, { readonly network: SupplyNetwork; readonly compileSeconds: number }>()
  return ({ sites, days, linked, replication }) => {
    const key = `${sites} ${days} ${linked}`
    const { network, compileSeconds } = ready.get(key) ?? compiled(sites, days, linked)
    ready.set(key, { network, compileSeconds })
    const started = process.cpuUsage()
    const { events, bytes, digest, echelons } = simulateSupply(openSupply(network, dice('supply', replication)))
    return { compileSeconds, cpuSeconds: secondsSince(started), events, bytes, digest, echelons }
  }
}

function compiled(sites: number, days: number, linked: SupplyTask['linked']) {
  const started = process.cpuUsage()
  const network = compileSupply(publishedNetwork(sites, days, linked))
  return { network, compileSeconds: secondsSince(started) }
}
