import { createHash } from 'node:crypto'
import { InputError } from '../../scenarios/read/problem.ts'
import type { Evidence } from './evidence.ts'

/** JSON with keys in order and no spaces, so that the same thing is the same bytes wherever it was put together. */
function canonical(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw wrong('evidence', String(value), 'a finite number; whatever is unknown is left out or null')
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object') throw wrong('evidence', typeof value, 'plain JSON holds no such thing')
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`
}

/** Evidence with its epochs in the order of their ids: the order of coming can then matter nowhere. */
export function inOrder(evidence: Evidence): Evidence {
  const epochs = evidence.epochs.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (let i = 1; i < epochs.length; i++) {
    if (epochs[i].id === epochs[i - 1].id)
      throw wrong(`epochs.${epochs[i].id}`, 'twice', 'an epoch comes once; add its cells before it is handed over')
  }
  return { ...evidence, epochs }
}

/** SHA-256 over the canonical JSON of evidence in order. */
export const evidenceDigest = (evidence: Evidence): string => createHash('sha256').update(canonical(evidence)).digest('hex')

const wrong = (field: string, found: string, fix: string): InputError =>
  new InputError([{ file: 'evidence', line: null, field, found, fix }])
