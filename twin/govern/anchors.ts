import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync } from 'node:fs'
import { InputError } from '../../scenarios/read/problem.ts'
import { Commits } from '../log/commits.ts'
import type { Signer } from '../registry/signing.ts'
import { brokenLink, digestOfValue, type Linked, NO_RECORD } from './canonical.ts'

/**
 * Where each chain ended, day by day, in a file beside them and wherever else it is copied to. A chain alone does not show that its tail was cut
 * off, nor that all of it was written anew; who holds an anchor sees both. The anchors are a chain of their own and signed, one line of JSON each.
 */
export type Tip = { readonly entry: number; readonly hash: string }

export type Anchor = Linked & {
  readonly atMs: number
  /** By UTC. */
  readonly day: string
  readonly tips: Readonly<Record<string, Tip>>
  readonly keyId: string
  readonly publicKey: string
  /** Over all the others. */
  readonly signature: string
}

export function readAnchors(file: string): readonly Anchor[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  // A last line that no newline ends was being written when the power went.
  lines.pop()
  return lines.map((line, i) => {
    try {
      return JSON.parse(line) as Anchor
    } catch {
      const fix = 'put the line back from a copy; what follows it cannot be trusted until then'
      throw new InputError([{ file, line: i + 1, field: 'anchor', found: 'no JSON', fix }])
    }
  })
}

/** Adds an anchor; durable when it returns. */
export function writeAnchor(file: string, tips: Anchor['tips'], atMs: number, signer: Signer): Anchor {
  const before = readAnchors(file)
  const last = before.at(-1)
  const unsigned = {
    seq: before.length,
    prev: last === undefined ? NO_RECORD : digestOfValue(last),
    atMs,
    day: dayOf(atMs),
    tips,
    keyId: signer.keyId,
    publicKey: signer.publicKey,
  }
  const anchor: Anchor = { ...unsigned, signature: signer.sign(unsigned) }
  dropHalfLine(file)
  appendFileSync(file, `${JSON.stringify(anchor)}\n`, { mode: 0o600 })
  const handle = openSync(file, 'r+')
  fsyncSync(handle)
  closeSync(handle)
  return anchor
}

/** Whether the day has its anchor. */
export const isAnchored = (file: string, atMs: number): boolean => readAnchors(file).at(-1)?.day === dayOf(atMs)

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** What a power cut left of a line is taken away, so that the next one is whole. */
function dropHalfLine(file: string): void {
  if (!existsSync(file)) return
  const text = readFileSync(file, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole))
}

export type AnchorFlaw = { readonly line: number; readonly what: string }
export type AnchorCheck = {
  readonly anchors: number
  readonly flaws: readonly AnchorFlaw[]
  /** Signed by keys nobody here vouches for: those of sessions, or of somebody else. */
  readonly unknownKeys: number
}

/** A chain that lies in no file: its last entry, and the hashes of the commits that end at the entries anchors speak of. */
export type ReadChain = { readonly last: number; readonly hashes: ReadonlyMap<number, string> }

/** Holds anchors against the chains as they are now, by their names: the file of each, or what was read of it. */
export function checkAnchors(
  anchors: readonly Anchor[],
  chains: Readonly<Record<string, string | ReadChain>>,
  signer: Signer | null,
): AnchorCheck {
  const flaws: AnchorFlaw[] = []
  const broken = brokenLink(anchors)
  if (broken !== null) flaws.push({ line: broken.at + 1, what: broken.what })
  let unknownKeys = 0
  for (const [i, { signature, ...unsigned }] of anchors.entries()) {
    const held = signer?.verify(unsigned, unsigned.keyId, signature) ?? 'unknown key'
    if (held === 'wrong') flaws.push({ line: i + 1, what: 'its signature does not hold' })
    if (held === 'unknown key') unknownKeys++
  }
  for (const [name, chain] of Object.entries(chains)) {
    const wanted = anchors.flatMap(({ tips }, i) => {
      const tip = Object.hasOwn(tips, name) ? tips[name] : undefined
      return tip === undefined || tip.entry === 0 ? [] : [{ line: i + 1, tip }]
    })
    if (wanted.length === 0) continue
    const read = typeof chain === 'string' ? readChain(chain, new Set(wanted.map(({ tip }) => tip.entry))) : chain
    flaws.push(...missingTips(name, read, wanted))
  }
  return { anchors: anchors.length, flaws, unknownKeys }
}

/** Null where there is no such file. */
function readChain(file: string, sought: ReadonlySet<number>): ReadChain | null {
  if (!existsSync(file)) return null
  const commits = new Commits(file)
  try {
    const hashes = new Map<number, string>()
    const links = commits.verify()
    for (let step = links.next(); !step.done; step = links.next())
      if (sought.has(step.value.entry)) hashes.set(step.value.entry, Buffer.from(step.value.hash).toString('hex'))
    return { last: commits.last(), hashes }
  } finally {
    commits.close()
  }
}

function missingTips(name: string, chain: ReadChain | null, wanted: readonly { line: number; tip: Tip }[]): AnchorFlaw[] {
  if (chain === null) return [{ line: wanted[0].line, what: `the ${name} it speaks of are gone altogether` }]
  const { last, hashes } = chain
  return wanted.flatMap(({ line, tip }) => {
    if (hashes.get(tip.entry) === tip.hash) return []
    const what =
      last < tip.entry
        ? `the ${name} went up to entry ${tip.entry} then and end at ${last} now: the tail was cut off`
        : `the ${name} had another hash at entry ${tip.entry} then: they were written anew`
    return [{ line, what }]
  })
}
