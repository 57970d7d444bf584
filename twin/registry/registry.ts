import { InputError } from '../../scenarios/read/problem.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Book } from '../book/book.ts'
import { digestOfValue } from '../govern/canonical.ts'
import { type Content, contentOf } from './content.ts'
import { type Move, type MoveBody, type Registered, RegistryFold } from './fold.ts'
import type { Runnable } from './run.ts'
import type { Signer } from './signing.ts'
import type { ContentStore } from './store.ts'
import { ALIASES, type Alias, type Registry, type Version, type VersionKind } from './version.ts'

export type RegistryParts = {
  readonly book: Book
  readonly store: ContentStore
  readonly signer: Signer
  /** What rule sets are compiled for; without it they cannot be registered. */
  readonly network?: NetworkSpec | null
  /**
   * Asked before an alias moves; throws where that may not be. Given by governance, so that nobody else in this process can move stable forward
   * alone either. Without it every move is let through.
   */
  readonly guard?: (move: Move) => void
  readonly say?: (text: string) => void
}

/** The registry with what only its own room and the assembling of the server need. */
export type FullRegistry = Registry & {
  readonly store: ContentStore
  readonly signer: Signer
  /** Registers what is neither policy, rules nor scenario: weights of a model with the digests of its data and training. */
  registerContent(content: Content, who: string, certificate?: string | null): Promise<Version>
  /** All a thread needs to run a version; throws where it is not known, or its text is not what was registered. */
  runnable(id: string): Runnable
  /** Every move of an alias so far. */
  moves(): readonly { readonly seq: number; readonly atMs: number; readonly move: Move }[]
}

/** Folds the book; every alias must be signed by a key that is trusted here. */
export function openRegistry({ book, store, signer, network = null, guard, say = () => {} }: RegistryParts): FullRegistry {
  const fold = new RegistryFold()
  const listeners = new Set<(alias: Alias) => void>()
  let folded = 0
  const catchUp = (): void => {
    const entries = book.entries()
    for (; folded < entries.length; folded++) {
      const moved = fold.take(entries[folded])
      if (moved !== null) for (const listener of listeners) listener(moved)
    }
  }
  catchUp()
  if (signer.isFresh) {
    say(
      `No ORRERY_SIGNING_KEY: aliases are signed with a key of this session, ${signer.publicKey}. ` +
        'Whoever opens this book again needs that key in ORRERY_TRUSTED_KEYS.',
    )
  }
  for (const name of fold.aliases.keys()) holdSigned(fold, name, signer)
  book.onEntry(catchUp)

  const known = (id: string): Version => {
    const version = fold.versions.get(id)
    if (version !== undefined) return version
    throw problem(id, 'no version of this id', 'register it first; `orrery registry list` shows those there are')
  }
  const registerContent = async (content: Content, who: string, certificate: string | null = null): Promise<Version> => {
    const { kind, name, params, data, training, text } = content
    const source = store.put(text)
    const digest = digestOfValue({ source, params, data, training })
    const id = `${kind}/${name}@${digest.slice(0, 12)}`
    const before = fold.versions.get(id)
    if (before !== undefined && before.digest !== digest)
      throw problem(id, `another version whose digest begins alike (${before.digest})`, 'change its name')
    if (before === undefined) {
      const version: Registered = { id, kind, name, digest, source, params, data, training }
      await book.append({ who, about: `version:${id}`, type: 'version.registered', body: { version } })
    }
    if (certificate !== null && fold.versions.get(id)?.certificate !== certificate)
      await book.append({ who, about: `version:${id}`, type: 'version.recommended', body: { version: id, certificate } })
    return known(id)
  }
  const move = async (wanted: Omit<Move, 'previous'> & { readonly previous?: string | null }): Promise<Alias | null> => {
    const { alias: name, version, who, expected, back, under } = wanted
    const { kind } = known(version)
    const kinds: readonly VersionKind[] = ALIASES[name]
    if (!kinds.includes(kind)) throw problem(`alias:${name}`, `${version}, which is ${kind}`, `point it at ${kinds.join(' or ')}`)
    for (;;) {
      const before = fold.aliases.get(name)
      if ((before?.seq ?? 0) !== expected) return null
      const upTo = book.last()
      const trail = fold.trails.get(name) ?? []
      const previous = back ? (trail.at(-2) ?? null) : (before?.version ?? null)
      const said: Move = { alias: name, version, previous, expected, back, under, who }
      guard?.(said)
      const { alias: _alias, who: _who, ...rest } = said
      const body: MoveBody = { ...rest, keyId: signer.keyId, publicKey: signer.publicKey, signature: signer.sign(said) }
      const entry = await book.append({ who, about: `alias:${name}`, type: 'alias.moved', body }, upTo)
      // Something else was written meanwhile: perhaps it moved this alias, perhaps not.
      if (entry !== null) return fold.aliases.get(name) ?? null
    }
  }

  return {
    store,
    signer,
    versions: () => [...fold.versions.values()],
    version: (id) => fold.versions.get(id) ?? null,
    alias: (name) => fold.aliases.get(name) ?? null,
    onMoved: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    register: async (words, who, certificate = null, origin = {}) =>
      registerContent(await contentOf(words, network, origin), who, certificate),
    registerContent,
    point: (name, version, who, expected, under = null) => move({ alias: name, version, who, expected, back: false, under }),
    back: (name, who, expected) => {
      const to = fold.trails.get(name)?.at(-1)
      if (to === undefined) throw problem(`alias:${name}`, 'nothing it was moved from', 'point it somewhere first')
      return move({ alias: name, version: to, who, expected, back: true, under: null })
    },
    runnable: (id) => {
      const { kind, digest, params, source } = known(id)
      const bytes = store.get(source)
      if (bytes === null) throw problem(id, 'nothing kept under the digest of its source', 'put the store back beside its book')
      return { id, kind, digest, params, text: Buffer.from(bytes).toString() }
    },
    moves: () => fold.moves.map(({ entry: { seq, atMs }, move: one }) => ({ seq, atMs, move: one })),
  }
}

/** An alias that cannot be verified is followed by nobody: what it points at decides about orders. */
function holdSigned(fold: RegistryFold, name: Alias['name'], signer: Signer): void {
  const moves = fold.moves.filter(({ move }) => move.alias === name)
  const last = moves.at(-1)
  if (last === undefined) return
  const refuse = (found: string, fix: string): InputError =>
    new InputError([{ file: 'book', line: last.entry.seq, field: `alias:${name}`, found, fix }])
  const held = signer.verify(last.move, last.body.keyId, last.body.signature)
  if (held === 'unknown key') {
    // Whose it is the book cannot say: somebody has to know it again.
    const fix =
      'set ORRERY_SIGNING_KEY as it was; or, where it was made for one session and you know it as the one that was printed then, ' +
      `ORRERY_TRUSTED_KEYS=${last.body.publicKey}`
    throw refuse(`a signature of the key ${last.body.keyId}, which is not trusted here`, fix)
  }
  const fix = 'somebody wrote into the book; `orrery audit` says more'
  if (held === 'wrong') throw refuse('a signature that does not hold', fix)
  if (last.move.expected !== (moves.at(-2)?.entry.seq ?? 0)) throw refuse('an old move that was played again', fix)
}

const problem = (field: string, found: string, fix: string): InputError =>
  new InputError([{ file: 'registry', line: null, field, found, fix }])
