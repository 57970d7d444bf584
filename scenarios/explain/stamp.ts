import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { policyFile } from '../../policies/catalog.ts'
import { digestOfData, digestOfText } from '../../sim/digest.ts'
import type { Params, Policies } from '../../sim/policy.ts'
import type { Contestant } from '../plan.ts'

/** By what a decision was taken: enough to find out whether it would be taken again. */
export type Stamp = {
  readonly policy: string
  readonly params: Params
  /** Of the policy's file and of every policy file it imports, or of the rule set as compiled; and of its params. */
  readonly digest: string
}

export function stampOf({ policies, rules }: Contestant, { routing }: Policies): Stamp {
  const source = rules === undefined ? sourcesOf(policyFile(policies.routing)) : digestOfData(rules)
  return { policy: policies.routing, params: routing.params, digest: digestOfText(`${source} ${digestOfData(routing.params)}`) }
}

const POLICIES = new URL('../../policies/', import.meta.url)

/** A digest of a file and of all in `policies/` that it leans on, by what they say and how they are called. */
function sourcesOf(file: URL): string {
  const digests = new Map<string, string>()
  const read = (one: URL): void => {
    const name = one.href.slice(POLICIES.href.length)
    if (!one.href.startsWith(POLICIES.href) || digests.has(name)) return
    const source = readFileSync(fileURLToPath(one), 'utf8')
    digests.set(name, digestOfText(source))
    for (const [, path] of source.matchAll(/\bfrom\s+'(\.[^']+)'/g)) read(new URL(path, one))
  }
  read(file)
  return [...digests].map(([name, digest]) => `${name} ${digest}`).join(' ')
}
