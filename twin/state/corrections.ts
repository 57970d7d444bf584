/**
 * Events that take the place of earlier ones. Of an event and all that correct it the last correction counts, the others do not; by identities,
 * so it does not matter which comes first, nor whether both speak of the same order.
 */
export type Correction = { readonly identity: number; readonly target: number; readonly atMs: number; readonly turn: number }
export type Corrections = {
  readonly byTarget: Map<number, Correction[]>
  readonly byIdentity: Map<number, Correction>
}

export const openCorrections = (): Corrections => ({ byTarget: new Map(), byIdentity: new Map() })

export function isReplaced({ byTarget, byIdentity }: Corrections, identity: number): boolean {
  if (byTarget.get(identity)?.some((one) => one.identity !== identity) === true) return true
  const own = byIdentity.get(identity)
  if (own === undefined) return false
  return (byTarget.get(own.target) as Correction[]).at(-1)?.identity !== identity
}

/** Keeps a correction; returns the identities whose standing may have changed. */
export function addCorrection({ byTarget, byIdentity }: Corrections, one: Correction): number[] {
  if (byIdentity.has(one.identity) || one.identity === one.target) return []
  byIdentity.set(one.identity, one)
  const all = byTarget.get(one.target) ?? []
  all.push(one)
  all.sort((a, b) => a.atMs - b.atMs || a.turn - b.turn || a.identity - b.identity)
  byTarget.set(one.target, all)
  return [one.target, ...all.map(({ identity }) => identity)]
}
