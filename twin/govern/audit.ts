import { existsSync } from 'node:fs'
import type { BookEntry } from '../book/book.ts'
import type { Commits } from '../log/commits.ts'
import type { Flawed } from '../log/event-log.ts'
import { CHAIN_START } from '../log/packed.ts'
import { linksInPostgres } from '../log/postgres.ts'
import { readSqliteLog } from '../log/sqlite.ts'
import { openSigner, type Signer } from '../registry/signing.ts'
import { type Anchor, type AnchorCheck, checkAnchors, type ReadChain, readAnchors } from './anchors.ts'
import { type BookCheck, checkBook } from './audit-book.ts'
import { anchorFile, bookFile, type Environment } from './office.ts'

/** What can be verified offline, from files and public keys alone. */
export type LogAudit = {
  readonly entries: number
  readonly commits: number
  readonly head: string
  readonly headFound: boolean | null
  readonly flaw: Flawed | null
}

/** The chain of the log from its beginning; and whether a head that was written down is in it. */
export function auditLog(
  file: string,
  head: string | null,
  onProgress: (entry: number, last: number) => void = () => {},
): LogAudit {
  const log = readSqliteLog(file)
  try {
    return verified(log, head, onProgress)
  } finally {
    log.close()
  }
}

/** The same of a log in PostgreSQL, beside its writer; and the hashes that anchors of it speak of. */
export async function auditPostgres(
  url: string,
  head: string | null,
  anchors: readonly Anchor[],
  onProgress: (entry: number) => void = () => {},
): Promise<LogAudit & { readonly chain: ReadChain }> {
  const sought = new Set(anchors.flatMap(({ tips: { events } }) => (events === undefined ? [] : [events.entry])))
  const hashes = new Map<number, string>()
  const links = linksInPostgres(url)
  let [commits, last, tip] = [0, 0, Buffer.from(CHAIN_START).toString('hex')]
  let headFound = head === null ? null : false
  let step = await links.next()
  for (; !step.done; step = await links.next()) {
    commits++
    last = step.value.entry
    tip = Buffer.from(step.value.hash).toString('hex')
    if (tip === head?.toLowerCase()) headFound = true
    if (sought.has(last)) hashes.set(last, tip)
    onProgress(last)
  }
  return { entries: last, commits, head: tip, headFound, flaw: step.value, chain: { last, hashes } }
}

function verified(log: Commits, head: string | null, onProgress: (entry: number, last: number) => void): LogAudit {
  const entries = log.last()
  const links = log.verify()
  let commits = 0
  let headFound = head === null ? null : false
  let step = links.next()
  for (; !step.done; step = links.next()) {
    commits++
    if (head !== null && Buffer.from(step.value.hash).toString('hex') === head.toLowerCase()) headFound = true
    onProgress(step.value.entry, entries)
  }
  return { entries, commits, head: Buffer.from(log.head()).toString('hex'), headFound, flaw: step.value }
}

export type OfficeAudit = {
  readonly book: (BookCheck & { readonly flaw: Flawed | null; readonly head: string }) | null
  /** The chain of the decision log, where there is one. */
  readonly decisions: LogAudit | null
  readonly anchors: AnchorCheck
}

/** The book beside a log, and the anchors of both. `events`: what was read of a log that lies in no file; `file` is then what its book lies beside. */
export async function auditOffice(
  file: string,
  anchors: string | null,
  env: Environment,
  events: ReadChain | null = null,
): Promise<OfficeAudit> {
  const trusted = env.ORRERY_SIGNING_KEY !== undefined || env.ORRERY_TRUSTED_KEYS !== undefined
  const signer = trusted ? openSigner(env.ORRERY_SIGNING_KEY, env.ORRERY_TRUSTED_KEYS) : null
  const chains = { events: events ?? file, book: bookFile(file), decisions: `${file}.decisions` }
  return {
    decisions: existsSync(chains.decisions) ? auditLog(chains.decisions, null) : null,
    book: existsSync(chains.book) ? auditBook(chains.book, signer) : null,
    anchors: checkAnchors(readAnchors(anchors ?? anchorFile(file)), chains, signer),
  }
}

function auditBook(file: string, signer: Signer | null): NonNullable<OfficeAudit['book']> {
  const log = readSqliteLog(file)
  try {
    const { flaw, head } = verified(log, null, () => {})
    if (flaw !== null) return { ...checkBook([], signer), flaw, head }
    const entries: BookEntry[] = []
    for (const { number, bytes } of log.from(1)) {
      const entry = entryIn(bytes)
      if (entry === null) return { ...checkBook(entries, signer), flaw: { entry: number, what: 'it is no act' }, head }
      entries.push(entry)
    }
    return { ...checkBook(entries, signer), flaw, head }
  } finally {
    log.close()
  }
}

function entryIn(bytes: Uint8Array): BookEntry | null {
  try {
    const entry = JSON.parse(Buffer.from(bytes).toString()) as BookEntry
    return typeof entry.who === 'string' && typeof entry.about === 'string' && typeof entry.body === 'object' ? entry : null
  } catch {
    return null
  }
}
