import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOfBytes, digestOfValue, canonical } from '../govern/canonical.ts'
import type { Evidence } from '../judge/evidence.ts'

/** Bundles of evidence beside the book, each a file named by its digest: what a verdict can be computed from again, anywhere. */
export type Bundles = {
  /** Keeps it, whole or not at all, before anybody refers to it; returns its digest. */
  keep(evidence: Evidence): string
  /** Null where there is none of this digest, or its bytes are not what was kept. */
  read(digest: string): Evidence | null
}

export function openBundles(folder: string): Bundles {
  mkdirSync(folder, { recursive: true })
  const fileOf = (digest: string): string => join(folder, `${digest}.json`)
  return {
    keep: (evidence) => {
      const text = canonical(evidence)
      const digest = digestOfBytes(text)
      const file = fileOf(digest)
      if (existsSync(file)) return digest
      writeFileSync(`${file}.draft`, text, { flush: true })
      renameSync(`${file}.draft`, file)
      return digest
    },
    read: (digest) => {
      if (!/^[0-9a-f]{64}$/.test(digest) || !existsSync(fileOf(digest))) return null
      const text = readFileSync(fileOf(digest), 'utf8')
      return digestOfBytes(text) === digest ? (JSON.parse(text) as Evidence) : null
    },
  }
}

export const digestOfEvidence = (evidence: Evidence): string => digestOfValue(evidence)
