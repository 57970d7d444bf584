import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type PolicyId, policyFile } from '../../policies/catalog.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'

const POLICIES = new URL('../../policies/', import.meta.url)

/**
 * SHA-256 of a policy's source: its file, and every file of policies/ that it leans on, such as the market of a bid price. What it leans on in sim/ is
 * the simulator, which has a version of its own. Line ends are taken as "\n", so that a checkout on another system reads the same.
 */
export function policyDigest(id: PolicyId): string {
  const hash = createHash('sha256')
  for (const file of sourcesOf(id)) hash.update(`${file.slice(POLICIES.href.length)}\n${textOf(file)}\n`)
  return `sha256:${hash.digest('hex')}`
}

/** SHA-256 of a network as it was read, whatever its files look like. */
export const networkDigest = (spec: NetworkSpec): string =>
  `sha256:${createHash('sha256').update(JSON.stringify(spec)).digest('hex')}`

const textOf = (href: string): string => readFileSync(fileURLToPath(href), 'utf8').replaceAll('\r\n', '\n')

/** Addresses of a policy's file and of all of policies/ that it imports. */
export function sourcesOf(id: PolicyId): string[] {
  const found = new Set<string>()
  const visit = (href: string): void => {
    if (found.has(href) || !href.startsWith(POLICIES.href)) return
    found.add(href)
    for (const [, from] of textOf(href).matchAll(/\bfrom\s+['"](\.[^'"]+)['"]/g)) visit(new URL(from, href).href)
  }
  visit(policyFile(id).href)
  return [...found].sort()
}
