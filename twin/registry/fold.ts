import type { BookEntry } from '../book/book.ts'
import type { Alias, Version } from './version.ts'

/**
 * What the book says of versions and aliases. Entries:
 *   version.registered   {version}                      the whole record, but for `atMs`, `who` and `certificate`
 *   version.recommended  {version, certificate}         an experiment speaks for it; the last one counts
 *   alias.moved          {version, previous, expected, back, under, keyId, publicKey, signature}
 */
export type Registered = Omit<Version, 'atMs' | 'who' | 'certificate'>

/** A move of an alias, as it is signed and written. */
export type Move = {
  readonly alias: Alias['name']
  readonly version: string
  /** Where one step back leads from there. */
  readonly previous: string | null
  /** Entry that moved the alias before, 0 where none did: an old move cannot be played again. */
  readonly expected: number
  /** Whether it was the step back. */
  readonly back: boolean
  /** Entry of the request that two people agreed to; null for the first move, a step back, and the candidate. */
  readonly under: string | null
  readonly who: string
}

export type MoveBody = Omit<Move, 'alias' | 'who'> & {
  readonly keyId: string
  readonly publicKey: string
  readonly signature: string
}

export class RegistryFold {
  readonly versions = new Map<string, Version>()
  readonly aliases = new Map<Alias['name'], Alias>()
  /** Versions an alias has come from, the last on top: going back takes one off. */
  readonly trails = new Map<Alias['name'], string[]>()
  readonly moves: { readonly entry: BookEntry; readonly move: Move; readonly body: MoveBody }[] = []

  /** The alias that moved, where one did. */
  take(entry: BookEntry): Alias | null {
    switch (entry.type) {
      case 'version.registered': {
        const version = entry.body.version as Registered
        // The first to register it is who did.
        if (!this.versions.has(version.id))
          this.versions.set(version.id, { ...version, certificate: null, atMs: entry.atMs, who: entry.who })
        return null
      }
      case 'version.recommended': {
        const { version, certificate } = entry.body as { version: string; certificate: string }
        const known = this.versions.get(version)
        if (known !== undefined) this.versions.set(version, { ...known, certificate })
        return null
      }
      case 'alias.moved':
        return this.move(entry)
      default:
        return null
    }
  }

  private move(entry: BookEntry): Alias {
    const body = entry.body as unknown as MoveBody
    const name = entry.about.slice('alias:'.length) as Alias['name']
    const { version, previous, expected, back, under, signature } = body
    this.moves.push({ entry, body, move: { alias: name, version, previous, expected, back, under, who: entry.who } })
    const trail = this.trails.get(name) ?? []
    const before = this.aliases.get(name)
    if (back) trail.pop()
    else if (before !== undefined) trail.push(before.version)
    this.trails.set(name, trail)
    const alias: Alias = { name, version, previous, seq: entry.seq, atMs: entry.atMs, who: entry.who, signature }
    this.aliases.set(name, alias)
    return alias
  }
}
