import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { type Book, openBook } from '../book/book.ts'
import { Commits } from '../log/commits.ts'
import { openSqliteLog } from '../log/sqlite.ts'
import type { DecisionsOf } from '../registry/lineage.ts'
import { type FullRegistry, openRegistry } from '../registry/registry.ts'
import { registryWing } from '../registry/registry-wing.ts'
import { openSigner } from '../registry/signing.ts'
import { openContentStore } from '../registry/store.ts'
import type { Wing } from '../server/app.ts'
import { type Anchor, isAnchored, type Tip, writeAnchor } from './anchors.ts'
import { type Exports, governWing } from './govern-wing.ts'
import { type Governance, openGovernance } from './governance.ts'
import { openPseudonyms, type Pseudonyms } from './pseudonym.ts'

/** The environment, or a part of it: secrets come from there and from nowhere else. */
export type Environment = Readonly<Record<string, string | undefined>>

export type OfficeParts = {
  /** What the twin's files are called: beside it lie FILE.book, FILE.store and FILE.anchors. */
  readonly file: string
  readonly env: Environment
  readonly now: () => number
  /** This machine's clock, where `now` goes by what is told: by it tokens age, requests lapse and anchors are dated. */
  readonly wallNow?: () => number
  readonly say: (text: string) => void
  /** What rule sets are compiled for. */
  readonly network?: NetworkSpec | null
  readonly offsetMinutes?: number
  readonly peopleByToken?: boolean
}

/** The office of a twin: the book of acts, and all that is decided by it. */
export type Office = {
  readonly book: Book
  readonly registry: FullRegistry
  readonly governance: Governance
  readonly pseudonyms: Pseudonyms
  /** Adds a chain whose end goes into anchors, and lines that can be taken out in bulk; before the server listens. */
  anchored(name: string, tip: () => Tip): void
  exported(name: string, lines: Exports[string]): void
  /** Lineage goes on to decisions where somebody keeps them. */
  decisionsOf(ask: DecisionsOf): void
  /** Writes down where every chain ends now. */
  anchor(): Anchor
  /** The same where the day has none yet. */
  anchorDaily(): void
  readonly wing: Wing
  close(): Promise<void>
}

export const bookFile = (file: string): string => `${file}.book`
export const anchorFile = (file: string): string => `${file}.anchors`

export async function openOffice(parts: OfficeParts): Promise<Office> {
  const { env, now, say, network = null, offsetMinutes = 0, peopleByToken = false } = parts
  const wallNow = parts.wallNow ?? now
  const file = resolve(parts.file)
  const signer = openSigner(env.ORRERY_SIGNING_KEY, env.ORRERY_TRUSTED_KEYS)
  const pseudonyms = openPseudonyms(env.ORRERY_PSEUDONYM_KEY)
  const book = await openBook(await openSqliteLog(bookFile(file)), now, parts.wallNow ?? null)
  try {
    const governance = openGovernance({
      book,
      now: wallNow,
      offsetMinutes,
      peopleByToken,
    })
    const store = openContentStore(`${file}.store`)
    const registry = openRegistry({ book, store, signer, network, guard: governance.guard, say })
    if (pseudonyms.isFresh)
      say('No ORRERY_PSEUDONYM_KEY: pseudonyms of customers and places are those of this session, and change with the next.')
    const tips = new Map<string, () => Tip>([['book', () => tipOf(bookFile(file))]])
    const exports: Record<string, Exports[string]> = { book: () => book.entries().map((entry) => JSON.stringify(entry)) }
    let asksDecisions: DecisionsOf | null = null
    const anchor = (): Anchor =>
      writeAnchor(anchorFile(file), Object.fromEntries([...tips].map(([name, tip]) => [name, tip()])), wallNow(), signer)
    return {
      book,
      registry,
      governance,
      pseudonyms,
      anchored: (name, tip) => void tips.set(name, tip),
      exported: (name, lines) => {
        exports[name] = lines
      },
      decisionsOf: (ask) => {
        asksDecisions = ask
      },
      anchor,
      anchorDaily: () => {
        if (!isAnchored(anchorFile(file), wallNow())) anchor()
      },
      wing: async (app, twin) => {
        await governWing({ book, governance, exports })(app, twin)
        await registryWing({ book, registry, governance, pseudonyms, decisionsOf: () => asksDecisions })(app, twin)
      },
      close: () => book.close(),
    }
  } catch (error) {
    await book.close()
    throw error
  }
}

/** Where the chain of a log ends, read beside its writer. */
export function tipOf(file: string): Tip {
  if (!existsSync(file)) return { entry: 0, hash: '0'.repeat(64) }
  const commits = new Commits(file)
  try {
    return commits.tip()
  } finally {
    commits.close()
  }
}
