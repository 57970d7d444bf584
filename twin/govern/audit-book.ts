import { type BookEntry, isBeforeTold, wallMsOf } from '../book/book.ts'
import { type Move, RegistryFold } from '../registry/fold.ts'
import type { Signer } from '../registry/signing.ts'
import { takesTwo } from '../registry/version.ts'
import { identityOf, OWN_NAMES } from '../server/access.ts'
import { ACT_RULES } from './act-rules.ts'
import { digestOfAct, forwardMove } from './governance.ts'
import { othersOf, RequestsFold } from './requests.ts'
import { peopleOfRollout } from './rollout-people.ts'

/** What is wrong with the book though its chain may hold: somebody with the keys of the machine can write, but not make a second person agree. */
export type BookFlaw = { readonly seq: number; readonly what: string }

export type BookCheck = {
  readonly entries: number
  readonly moves: number
  readonly requests: number
  readonly flaws: readonly BookFlaw[]
  /** Moves signed by keys nobody here vouches for. */
  readonly unknownKeys: number
}

/** Everything that can be seen in the entries alone. `signer` knows which keys are trusted; null: none are. */
export function checkBook(entries: readonly BookEntry[], signer: Signer | null): BookCheck {
  const flaws: BookFlaw[] = []
  const registry = new RegistryFold()
  const requests = new RequestsFold()
  const lastMove = new Map<string, number>()
  let unknownKeys = 0
  let atMs = Number.NEGATIVE_INFINITY
  let wallMs = Number.NEGATIVE_INFINITY
  for (const [i, entry] of entries.entries()) {
    const say = (what: string): void => {
      flaws.push({ seq: entry.seq, what })
    }
    if (entry.seq !== i + 1) say(`it stands at place ${i + 1}`)
    // A clock that goes by what is told begins where it is told to, however late it is here.
    if (!isBeforeTold(entry)) {
      if (entry.atMs < atMs - CLOCK_STEP_MS) say('it is older than the one before it')
      atMs = Math.max(atMs, entry.atMs)
    }
    if (wallMsOf(entry) < wallMs - CLOCK_STEP_MS && entry.wallMs !== undefined) say('it was written before the one before it')
    wallMs = entry.wallMs === undefined ? wallMs : Math.max(wallMs, entry.wallMs)
    const { under } = entry.body
    if (typeof under === 'string' && under.startsWith('q-')) for (const what of wrongUse(requests, entry, under)) say(what)
    if (entry.type.endsWith('.approved') && typeof entry.body.token === 'string' && requests.tokens.has(entry.body.token))
      say('the token had approved something already')
    if (entry.type === 'request.approved') for (const what of wrongApproval(requests, entry)) say(what)
    registry.take(entry)
    if (entry.type === 'alias.moved') {
      const { move, body } = registry.moves[registry.moves.length - 1]
      const held = signer?.verify(move, body.keyId, body.signature) ?? 'unknown key'
      if (held === 'wrong') say(`the signature of the move of ${move.alias} does not hold`)
      if (held === 'unknown key') unknownKeys++
      if (move.expected !== (lastMove.get(move.alias) ?? 0))
        say(`the move of ${move.alias} does not follow from the one before it`)
      if (takesTwo(move.alias) && !move.back && move.expected !== 0) {
        const rollout = peopleOfRollout(entries, move.under, move.version, entry.seq)
        const people = rollout ?? peopleOf(requests, move)
        const different = new Set(people.map(identityOf).filter((one) => !OWN_NAMES.includes(one)))
        if (different.size < 2) say(`${move.alias} moved forward to ${move.version}, and not two people wanted it`)
      }
      lastMove.set(move.alias, entry.seq)
    }
    requests.take(entry)
  }
  return { entries: entries.length, moves: registry.moves.length, requests: requests.requests.size, flaws, unknownKeys }
}

/** Clocks of machines are set back now and then. */
const CLOCK_STEP_MS = 60_000

function wrongUse({ requests }: RequestsFold, entry: BookEntry, under: string): string[] {
  const request = requests.get(under)
  if (request === undefined) return [`there is no request ${under}`]
  const wrong: string[] = []
  if (request.usedBy !== null) wrong.push(`the request ${under} was used by entry ${request.usedBy} already`)
  if (request.refused !== null) wrong.push(`the request ${under} had been turned down`)
  if (wallMsOf(entry) >= request.expiresMs) wrong.push(`the request ${under} was void`)
  if (othersOf(request).length < ACT_RULES[request.act].others) wrong.push(`nobody else had agreed to the request ${under}`)
  return wrong
}

function wrongApproval({ requests }: RequestsFold, { about, who, body }: BookEntry): string[] {
  const request = requests.get(about.slice('request:'.length))
  if (request === undefined) return ['it agrees to a request that is not there']
  const wrong: string[] = []
  if (identityOf(who) === identityOf(request.who)) wrong.push('whoever asked agreed as well')
  if (body.digest !== request.digest) wrong.push('what was agreed to is not what was asked for')
  return wrong
}

function peopleOf({ requests }: RequestsFold, { under, alias, version }: Move): readonly string[] {
  const request = under === null ? undefined : requests.get(under)
  if (request === undefined || (request.act !== 'promote' && request.act !== 'break-glass')) return []
  if (request.digest !== digestOfAct(forwardMove(request.act, alias, version))) return []
  return [request.who, ...othersOf(request)]
}
