/**
 * A version is something that can decide or be decided on, fixed for ever by what it is made of. Its id ends in the digest of all of it, so two
 * ids are equal exactly where the things are.
 */
export const VERSION_KINDS = ['routing', 'forecast', 'replenishment', 'promise', 'rules', 'model', 'scenario'] as const
export type VersionKind = (typeof VERSION_KINDS)[number]

/**
 * What an alias may point at: stable and candidate decide where orders ship from, forecast says what will be asked for. What an alias points at
 * is in charge, so it can be nothing else.
 */
export const ALIASES = {
  stable: ['routing', 'rules'],
  candidate: ['routing', 'rules'],
  forecast: ['forecast'],
} as const satisfies Readonly<Record<string, readonly VersionKind[]>>
export type AliasName = keyof typeof ALIASES
export const ALIAS_NAMES = Object.keys(ALIASES) as readonly AliasName[]

/** Whether two people are needed to move it forward. */
export const takesTwo = (alias: AliasName): boolean => alias !== 'candidate'

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
  /** Of the data it was fitted on and of how; of a rule set, of the names of places and goods it was compiled for; null where there is none. */
  readonly data: string | null
  readonly training: string | null
  /** The certificate that recommends it: the digest of an experiment's result; null where nobody has asked. */
  readonly certificate: string | null
  readonly atMs: number
  readonly who: string
}

/** What points at a version and can be moved: by the book, signed. `previous` makes going back one step. */
export type Alias = {
  readonly name: AliasName
  readonly version: string
  readonly previous: string | null
  /** Entry of the book that moved it. */
  readonly seq: number
  readonly atMs: number
  readonly who: string
  readonly signature: string
}

/** Of what is registered: the rule set or scenario itself where it lies in no file here; digests of the data it was fitted on, and of how. */
export type Origin = { readonly text?: string; readonly data?: string; readonly training?: string }

/** What other rooms ask of the registry. */
export type Registry = {
  versions(): readonly Version[]
  version(id: string): Version | null
  alias(name: Alias['name']): Alias | null
  /** Called after an alias has moved. Returns what ends the listening. */
  onMoved(listener: (alias: Alias) => void): () => void
  /** Registers what the words mean now; the same thing again is the same version. `origin`: what cannot be read off the thing itself. */
  register(words: string, who: string, certificate?: string | null, origin?: Origin): Promise<Version>
  /**
   * Moves an alias; null where somebody else moved it since `expected` (its `seq`, or 0 for one that never was). `under`: the request that two
   * people agreed to; stable moves forward only under one.
   */
  point(name: Alias['name'], version: string, who: string, expected: number, under?: string | null): Promise<Alias | null>
  /** One step back, to where the alias was before; one person may. Null where somebody else moved it since `expected`. */
  back(name: Alias['name'], who: string, expected: number): Promise<Alias | null>
}
