import { createHash } from 'node:crypto'
import type { Seam } from '../../sim/policy.ts'
import { InputError } from '../read/problem.ts'
import { readText } from '../read/text-file.ts'

/**
 * What an experiment vouches for when it says "roll this one out": who is best and how sure that is, that the choice held under luck it was not
 * made by, and that nothing got worse where things go wrong. All of it follows from the question and its seed, so whoever has the file can
 * ask again and must get the same bytes: there is no clock, no machine and no number of threads in it.
 */
export type Certificate = {
  readonly format: 'orrery-certificate/1'
  readonly version: string
  readonly verdict: 'certified' | 'not certified'
  /** Why, each with its numbers. */
  readonly because: readonly string[]
  readonly question: CertifiedQuestion
  readonly selection: {
    readonly procedure: 'Kim-Nelson 2001, common random numbers'
    /** Policy, as it was asked for; null where the most replications did not decide. */
    readonly winner: string | null
    /** Probability of correct selection that the procedure guarantees, where the best is better by `delta` or more. */
    readonly correct: number
    readonly eta: number
    readonly h2: number
    readonly replications: number
    readonly runs: number
    readonly dropped: readonly { readonly policy: string; readonly at: number; readonly by: string }[]
    /** Means of what is judged, over the replications that a policy had until it was out. */
    readonly means: readonly { readonly policy: string; readonly replications: number; readonly mean: number }[]
    /** Over the digests of all runs it rests on, in order. */
    readonly runsDigest: string
  }
  /** Null where stable itself is best, or nobody. */
  readonly confirmation: {
    readonly seed: string
    readonly replications: number
    readonly scenarios: readonly ConfirmedScenario[]
    readonly runsDigest: string
  } | null
  /** Winner minus stable under fresh luck, 95 %: what a rollout may expect, and is held to afterwards. */
  readonly predicted: Readonly<Record<MeasuredId, Effect>> | null
  /** SHA-256 of the canonical text of all above. */
  readonly digest: string
}

export type CertifiedQuestion = {
  readonly network: { readonly asked: string; readonly name: string; readonly currency: string; readonly digest: string }
  readonly scenario: AskedScenario
  readonly stress: readonly AskedScenario[]
  readonly policies: readonly {
    readonly id: string
    readonly digest: string
    readonly parts: Readonly<
      Record<Seam, { readonly id: string; readonly params: Readonly<Record<string, number>>; readonly digest: string }>
    >
  }[]
  readonly stable: string
  readonly by: JudgedBy
  readonly delta: number
  readonly alpha: number
  /** Harm that would still be accepted, in each measure's unit. */
  readonly margins: { readonly onTimeShare: number; readonly money: number }
  readonly first: number
  readonly most: number
  readonly confirm: number
  readonly seed: string
}

export type AskedScenario = { readonly asked: string; readonly id: string; readonly digest: string }

/** `total`: handling, freight and returns, and what a late order costs the business (network.yaml, `costs.latePerOrder`). */
export const JUDGED_BY = ['total', 'costPerOrder', 'onTimeShare'] as const
export type JudgedBy = (typeof JUDGED_BY)[number]
export type MeasuredId = JudgedBy

export type Effect = { readonly mean: number; readonly se: number; readonly low: number; readonly high: number }

export type ConfirmedScenario = {
  readonly id: string
  readonly role: 'chosen on' | 'stress'
  readonly stable: Readonly<Record<MeasuredId, number>>
  /** Winner minus stable, paired, two-sided 95 %. */
  readonly effects: Readonly<Record<MeasuredId, Effect>>
  /** Harm (positive is worse) and its one-sided upper bound; it holds where the bound lies below `margin`. */
  readonly checks: readonly {
    readonly measure: MeasuredId
    readonly says: 'no worse' | 'better'
    readonly harm: number
    readonly upper: number
    readonly margin: number
    readonly holds: boolean
  }[]
}

/** Plain data as text in which keys stand in order of their letters and nothing is left to taste: the same data has the same bytes. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${value} cannot be written down and read again`)
  return JSON.stringify(value)
}

export const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

export function sealed(certificate: Omit<Certificate, 'digest'>): Certificate {
  return { ...certificate, digest: sha256(canonical(certificate)) }
}

/** A certificate from its file. One whose bytes no longer have its digest is refused: it was changed by hand. */
export function readCertificate(file: string): Certificate {
  const refuse = (found: string, fix: string, cause?: unknown) =>
    new InputError([{ file, line: null, field: 'certificate', found, fix }], { cause })
  const text = readText(file, (found, cause) => refuse(found, 'name a file that `orrery certify` wrote', cause))
  let certificate: Certificate
  try {
    certificate = JSON.parse(text)
  } catch (cause) {
    throw refuse('text that is no JSON', 'name a file that `orrery certify` wrote', cause)
  }
  if (certificate?.format !== 'orrery-certificate/1')
    throw refuse('a file of another kind', 'name a file that `orrery certify` wrote')
  const { digest, ...rest } = certificate
  if (sha256(canonical(rest)) !== digest)
    throw refuse(`content that is not what ${digest} stands for`, 'take the file as it was written, or certify again')
  return certificate
}
