/**
 * A version is something that can decide or be decided on, fixed for ever by what it is made of. Its id ends in the digest of all of it, so two
 * ids are equal exactly where the things are.
 */
export const VERSION_KINDS = ['routing', 'forecast', 'replenishment', 'promise', 'rules', 'model', 'scenario'] as const
export type VersionKind = (typeof VERSION_KINDS)[number]

export type Version = {
  /** Such as `routing/bid-price@4f2a91c0d3e7`: kind, name, the first 12 digits of `digest`. */
  readonly id: string
  readonly kind: VersionKind
  readonly name: string
  /** SHA-256 over the four below, in hexadecimal. */
  readonly digest: string
  /** Of the file and of all it imports, as one module; of the compiled rules, the scenario as read, or the model's weights. */
  readonly source: string
  readonly params: Readonly<Record<string, number>>
  /** Of the data it was fitted on and of how; null where nothing was fitted. */
  readonly data: string | null
  readonly training: string | null
  /** The certificate that recommends it: the digest of an experiment's result; null where nobody has asked. */
  readonly certificate: string | null
  readonly atMs: number
  readonly who: string
}

/** What points at a version and can be moved: by the book, signed. `previous` makes going back one step. */
export type Alias = {
  readonly name: 'stable' | 'candidate'
  readonly version: string
  readonly previous: string | null
  /** Entry of the book that moved it. */
  readonly seq: number
  readonly atMs: number
  readonly who: string
  readonly signature: string
}

/** What other rooms ask of the registry. */
export type Registry = {
  versions(): readonly Version[]
  version(id: string): Version | null
  alias(name: Alias['name']): Alias | null
  /** Called after an alias has moved. Returns what ends the listening. */
  onMoved(listener: (alias: Alias) => void): () => void
  /** Registers what the catalogue's policy, with these params, is now; the same thing again is the same version. */
  register(words: string, who: string, certificate?: string | null): Promise<Version>
  /**
   * Moves an alias; null where somebody else moved it since `expected` (its `seq`, or 0 for one that never was). `under`: the request that two
   * people agreed to; stable moves forward only under one.
   */
  point(name: Alias['name'], version: string, who: string, expected: number, under?: string | null): Promise<Alias | null>
  /** One step back, to where the alias was before; one person may. Null where somebody else moved it since `expected`. */
  back(name: Alias['name'], who: string, expected: number): Promise<Alias | null>
}
