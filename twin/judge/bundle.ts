import { InputError } from '../../scenarios/read/problem.ts'
import { digestOfValue } from '../govern/canonical.ts'
import type { Evidence } from './evidence.ts'

/** Evidence with its epochs in the order of their ids: the order of coming can then matter nowhere. */
export function inOrder(evidence: Evidence): Evidence {
  const epochs = evidence.epochs.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (let i = 1; i < epochs.length; i++) {
    if (epochs[i].id === epochs[i - 1].id)
      throw wrong(`epochs.${epochs[i].id}`, 'twice', 'an epoch comes once; add its cells before it is handed over')
  }
  if (evidence.signs === undefined) return { ...evidence, epochs }
  return { ...evidence, epochs, signs: evidence.signs.toSorted((a, b) => a.fromMs - b.fromMs || a.share - b.share) }
}

/** SHA-256 over the canonical JSON of evidence in order. */
export const evidenceDigest = (evidence: Evidence): string => digestOfValue(evidence)

const wrong = (field: string, found: string, fix: string): InputError =>
  new InputError([{ file: 'evidence', line: null, field, found, fix }])
