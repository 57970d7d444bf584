import type { BookEntry } from '../book/book.ts'
import type { FullRegistry } from './registry.ts'
import type { Version } from './version.ts'

/** What decisions say of a version: asked of whoever keeps them. */
export type DecisionsOf = (version: string) => Promise<{
  readonly decisions: number
  readonly firstMs: number | null
  readonly lastMs: number | null
  /** Digest over the decisions, or of the log up to them: what somebody else can check. */
  readonly digest: string | null
}>

/** From the experiment that recommended a version to the decisions it made: each step by a digest or an entry of the book. */
export type Lineage = {
  readonly version: Version
  /** The experiment's result, where it is kept here: as it was written. */
  readonly certificate: { readonly digest: string; readonly isKept: boolean; readonly says: unknown } | null
  readonly rollouts: readonly {
    readonly id: string
    /** Whether it was the candidate, or what the candidate was held against. */
    readonly as: 'candidate' | 'stable' | 'both'
    readonly acts: readonly { readonly seq: number; readonly atMs: number; readonly who: string; readonly type: string }[]
  }[]
  readonly aliases: readonly {
    readonly seq: number
    readonly atMs: number
    readonly who: string
    readonly alias: string
    readonly back: boolean
    readonly under: string | null
  }[]
  readonly decisions: Awaited<ReturnType<DecisionsOf>> | null
}

export async function lineageOf(
  registry: FullRegistry,
  entries: readonly BookEntry[],
  version: Version,
  decisionsOf: DecisionsOf | null,
): Promise<Lineage> {
  return {
    version,
    certificate: version.certificate === null ? null : certificateOf(registry, version.certificate),
    rollouts: rolloutsOf(entries, version.id),
    aliases: registry
      .moves()
      .filter(({ move }) => move.version === version.id)
      .map(({ seq, atMs, move: { alias, who, back, under } }) => ({ seq, atMs, who, alias, back, under })),
    decisions: decisionsOf === null ? null : await decisionsOf(version.id),
  }
}

function certificateOf({ store }: FullRegistry, digest: string): Lineage['certificate'] {
  const bytes = store.get(digest)
  if (bytes === null) return { digest, isKept: false, says: null }
  try {
    return { digest, isKept: true, says: JSON.parse(Buffer.from(bytes).toString()) as unknown }
  } catch {
    return { digest, isKept: true, says: null }
  }
}

/** Rollouts whose entries name the version, and all that was done to them. */
function rolloutsOf(entries: readonly BookEntry[], version: string): Lineage['rollouts'] {
  const parts = new Map<string, Set<'candidate' | 'stable'>>()
  for (const { about, body } of entries) {
    if (!about.startsWith('rollout:')) continue
    for (const part of ['candidate', 'stable'] as const)
      if (names(body, part, version)) parts.set(about, (parts.get(about) ?? new Set()).add(part))
  }
  return [...parts].map(([about, as]) => ({
    id: about.slice('rollout:'.length),
    as: as.size === 2 ? 'both' : ([...as][0] as 'candidate' | 'stable'),
    acts: entries.flatMap(({ seq, atMs, who, type, about: of }) => (of === about ? [{ seq, atMs, who, type }] : [])),
  }))
}

/** Whether a field of this name, at any depth, holds the version. */
function names(value: unknown, field: string, version: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, one]) => (key === field && one === version) || names(one, field, version))
}
