import type { Book, BookEntry, NewEntry } from '../book/book.ts'
import type { Move } from '../registry/fold.ts'
import { type AliasName, takesTwo } from '../registry/version.ts'
import { type Caller, identityOf, OWN_NAMES, rolesOf } from '../server/access.ts'
import { HttpProblem } from '../server/problem-json.ts'
import { ACT_RULES, type TwoPeopleAct } from './act-rules.ts'
import { canonical, digestOfValue } from './canonical.ts'
import { type ActRequest, othersOf, type RequestState, RequestsFold, stateOfRequest } from './requests.ts'
import { type Deed, weigh } from './risk.ts'
import { peopleOfRollout } from './rollout-people.ts'

/** What somebody asks a second person for. */
export type Ask = {
  readonly act: TwoPeopleAct
  readonly subject: string
  readonly what: Readonly<Record<string, unknown>>
  readonly because: string
  /** What happened, where the glass is broken. */
  readonly incident?: string | null
  /** Void after so long, ms; without it, and at most, what the rule of the act has. */
  readonly lastsMs?: number
}

export type ToldRequest = ActRequest & { readonly state: RequestState; readonly needs: number }

/** An act that was held, or may go on. `points` and `signs` say why. */
export type Weighing = { readonly held: ToldRequest | null; readonly points: number; readonly signs: readonly string[] }

/** A door with two locks: who asks cannot open it, and who opens it sees exactly what was asked for. */
export type Governance = {
  requests(): readonly ToldRequest[]
  request(id: string): ToldRequest | null
  ask(ask: Ask, caller: Caller): Promise<ToldRequest>
  /** `digest`: of what the approver has seen. */
  approve(id: string, caller: Caller, digest: string): Promise<ToldRequest>
  refuse(id: string, caller: Caller, because: string): Promise<ToldRequest>
  /**
   * Writes the act into the book as done under an agreed request for exactly this (`act`, `subject`, `what`), which is used up by it. Throws an
   * HttpProblem where there is no such request, or it is open, void, used, or of somebody else.
   */
  done(under: string, ask: Omit<Ask, 'because'>, caller: Caller, entry: Omit<NewEntry, 'who'>): Promise<BookEntry>
  /**
   * Weighs an act and writes it down. Where it is too unusual it is held: a request is made instead, and the act goes on when it is called again
   * under that request, agreed to by somebody else.
   */
  weigh(caller: Caller, deed: Deed, what: Readonly<Record<string, unknown>>, under: string | null): Promise<Weighing>
  /**
   * For a room that keeps approvals of its own: throws where the caller is nobody, or came with a token that has approved something before, is old or
   * is for something else. Returns the number of the token, which goes into the entry `*.approved` as `token`.
   */
  agrees(caller: Caller, digest: string): string | null
  /** For the registry: throws where stable would move forward without two people. */
  readonly guard: (move: Move) => void
  /** Incidents that were opened with a request, and when and by whom they were closed. */
  incidents(): readonly Incident[]
  closeIncident(id: string, caller: Caller, findings: string): Promise<Incident>
}

export type Incident = {
  /** The request it was opened with. */
  readonly id: string
  readonly says: string
  readonly who: string
  readonly atMs: number
  readonly closed: { readonly who: string; readonly atMs: number; readonly findings: string } | null
}

export type GovernanceParts = {
  readonly book: Book
  /** This machine's clock: what people may do, and until when, does not go by what feeds tell. */
  readonly now: () => number
  /** Where people come by tokens of an identity provider, keys are for programs: they neither ask nor agree. */
  readonly peopleByToken?: boolean
  readonly offsetMinutes?: number
}

/** A token that approves was made for it: it is not older than this, ms. */
const TOKEN_AGE_MS = 15 * 60_000
const WORDS_MAX = 500

export function openGovernance(parts: GovernanceParts): Governance {
  const { book, now, peopleByToken = false, offsetMinutes = 0 } = parts
  const fold = new RequestsFold()
  let folded = 0
  const catchUp = (): void => {
    const entries = book.entries()
    for (; folded < entries.length; folded++) fold.take(entries[folded])
  }
  catchUp()
  book.onEntry(catchUp)

  const told = (request: ActRequest): ToldRequest => ({
    ...request,
    state: stateOfRequest(request, now()),
    needs: Math.max(0, ACT_RULES[request.act].others - othersOf(request).length),
  })
  const get = (id: string): ToldRequest => {
    const request = fold.requests.get(id)
    if (request === undefined) throw new HttpProblem(404, 'There is no request of this id; GET /v1/requests lists them.')
    return told(request)
  }
  /** Looks and writes as one: where the book has gone on since the look, looks again. */
  const write = async (entryOf: () => NewEntry): Promise<BookEntry> => {
    for (;;) {
      const upTo = book.last()
      const entry = await book.append(entryOf(), upTo)
      if (entry !== null) return entry
    }
  }
  const mustBePerson = (caller: Caller): void => {
    if (OWN_NAMES.includes(identityOf(caller.name)))
      throw new HttpProblem(
        403,
        'Whoever asks or agrees must be somebody; set ORRERY_KEYS or ORRERY_JWT so that people can be told apart.',
      )
    if (peopleByToken && caller.token === undefined)
      throw new HttpProblem(403, 'People come by tokens here; a key is for programs and can neither ask nor agree.')
  }
  const mustHave = (caller: Caller, roles: readonly string[], what: string): void => {
    if (!rolesOf(caller).some((role) => roles.includes(role)))
      throw new HttpProblem(403, `The role ${rolesOf(caller).join(', ')} may not ${what}; it takes ${roles.join(' or ')}.`)
  }

  const made = async (ask: Ask, caller: Caller): Promise<ToldRequest> => {
    const { act, subject, what, because, incident = null } = ask
    const rule = ACT_RULES[act]
    const lastsMs = Math.min(ask.lastsMs ?? rule.lastsMs, rule.lastsMs)
    const entry = await write(() => ({
      who: caller.name,
      about: `request:q-${book.last() + 1}`,
      type: 'request.made',
      body: { act, subject, what, digest: digestOfAct(ask), because, expiresMs: now() + lastsMs, incident },
    }))
    return get(`q-${entry.seq}`)
  }

  const governance: Governance = {
    requests: () => [...fold.requests.values()].map(told),
    request: (id) => (fold.requests.has(id) ? get(id) : null),
    ask: async (ask, caller) => {
      const rule = ACT_RULES[ask.act]
      mustHave(caller, rule.asks, `ask for this (${ask.act})`)
      mustBePerson(caller)
      hold('because', ask.because)
      if (rule.incident) hold('incident', ask.incident ?? '')
      if (ask.lastsMs !== undefined && !(ask.lastsMs > 0 && ask.lastsMs <= rule.lastsMs))
        throw new HttpProblem(400, `hours: a request of this kind is open for ${rule.lastsMs / 3_600_000} h at most.`, {
          field: 'hours',
        })
      return made(ask, caller)
    },
    approve: async (id, caller, digest) => {
      const rule = ACT_RULES[get(id).act]
      mustHave(caller, rule.agrees, `agree to this (${get(id).act})`)
      mustBePerson(caller)
      await write(() => {
        const request = get(id)
        mustBeOpen(request)
        if (identityOf(caller.name) === identityOf(request.who))
          throw new HttpProblem(403, 'Whoever asks cannot agree as well; it takes somebody else.')
        if (request.approvals.some(({ identity }) => identity === identityOf(caller.name)))
          throw new HttpProblem(409, 'You have agreed to it already; one person counts once, however many keys he has.')
        if (digest !== request.digest)
          throw new HttpProblem(409, 'What you agree to is not what was asked for; look at the request again.', {
            field: 'digest',
            wanted: request.digest,
          })
        const token = tokenFor(caller, request.digest, fold.tokens, now())
        return { who: caller.name, about: `request:${id}`, type: 'request.approved', body: { digest, token } }
      })
      return get(id)
    },
    refuse: async (id, caller, because) => {
      const { act, who } = get(id)
      // Who asked may take it back.
      if (identityOf(caller.name) !== identityOf(who)) mustHave(caller, ACT_RULES[act].agrees, 'turn this down')
      hold('because', because)
      await write(() => {
        const request = get(id)
        if (request.state !== 'open' && request.state !== 'agreed') throw notOpen(request)
        return { who: caller.name, about: `request:${id}`, type: 'request.refused', body: { because } }
      })
      return get(id)
    },
    done: (under, ask, caller, entry) =>
      write(() => {
        const request = get(under)
        if (request.state === 'open')
          throw new HttpProblem(409, `It takes ${request.needs} more to agree to the request ${under}.`, {
            request: told(request),
          })
        if (request.state !== 'agreed') throw notOpen(request)
        if (request.digest !== digestOfAct(ask))
          throw new HttpProblem(409, `The request ${under} was for something else.`, { request: told(request) })
        if (identityOf(request.who) !== identityOf(caller.name) && !othersOf(request).includes(identityOf(caller.name)))
          throw new HttpProblem(403, `The request ${under} is for those who asked and agreed.`)
        return { ...entry, who: caller.name, body: { ...entry.body, under } }
      }),
    weigh: async (caller, deed, what, under) => {
      const { points, signs, isHeld } = weigh(book.entries(), caller.name, deed, now(), offsetMinutes)
      const act = { about: `admin:${deed.right}`, type: 'admin.acted', body: { ...deed, points, signs } }
      const ask = { act: 'held' as const, subject: deed.right, what: { ...what, count: deed.count } }
      if (under !== null) await governance.done(under, ask, caller, act)
      // Where nobody can be told from anybody else there is no second person to wait for.
      else if (isHeld && !OWN_NAMES.includes(identityOf(caller.name))) {
        const because = `${points} points: ${signs.join(', ')}`
        return { held: await made({ ...ask, because }, caller), points, signs }
      } else await book.append({ ...act, who: caller.name })
      return { held: null, points, signs }
    },
    agrees: (caller, digest) => {
      mustBePerson(caller)
      return tokenFor(caller, digest, fold.tokens, now())
    },
    guard: (move) => {
      if (!takesTwo(move.alias) || move.back || move.expected === 0) return
      const people = peopleBehind(move)
      const different = new Set(people.map(identityOf).filter((one) => !OWN_NAMES.includes(one)))
      if (different.size < 2)
        throw new HttpProblem(
          403,
          `What ${move.alias} points at moves forward only when two different people want it: ask, and have somebody agree.`,
        )
    },
    incidents: () => incidentsOf(fold, book),
    closeIncident: async (id, caller, findings) => {
      mustHave(caller, ['approver'], 'close an incident')
      mustBePerson(caller)
      hold('findings', findings)
      await write(() => {
        const incident = incidentsOf(fold, book).find((one) => one.id === id)
        if (incident === undefined) throw new HttpProblem(404, 'There is no incident of this id; GET /v1/incidents lists them.')
        if (incident.closed !== null) throw new HttpProblem(409, 'It is closed already.')
        return { who: caller.name, about: `incident:${id}`, type: 'incident.closed', body: { findings } }
      })
      return incidentsOf(fold, book).find((one) => one.id === id) as Incident
    },
  }

  const peopleBehind = (move: Move): readonly string[] => {
    const rollout = peopleOfRollout(book.entries(), move.under, move.version)
    if (rollout !== null) return rollout
    const request = move.under === null ? undefined : fold.requests.get(move.under)
    if (request === undefined || (request.act !== 'promote' && request.act !== 'break-glass')) return []
    if (stateOfRequest(request, now()) !== 'agreed') return []
    if (request.digest !== digestOfAct(forwardMove(request.act, move.alias, move.version))) return []
    return [request.who, ...othersOf(request)]
  }
  return governance
}

/** What is asked for where a version is to be put in charge. */
export const forwardMove = (act: 'promote' | 'break-glass', alias: AliasName, version: string): Omit<Ask, 'because'> => ({
  act,
  subject: `alias:${alias}`,
  what: { version },
})

/** What is agreed to, as one number: the act, what it is about, and all of what would be done. */
export const digestOfAct = ({ act, subject, what }: Pick<Ask, 'act' | 'subject' | 'what'>): string =>
  digestOfValue({ act, subject, what: JSON.parse(canonical(what)) as unknown })

function hold(field: string, words: string): void {
  if (words.trim() !== '' && words.length <= WORDS_MAX) return
  throw new HttpProblem(400, `${field}: say it in 1 to ${WORDS_MAX} characters, without names of customers.`, { field })
}

function mustBeOpen(request: ToldRequest): void {
  if (request.state !== 'open' && request.state !== 'agreed') throw notOpen(request)
}

const SAYS: Readonly<Record<RequestState, string>> = {
  open: 'is open',
  agreed: 'is agreed to',
  refused: 'was turned down',
  used: 'was used already; each is good for one act',
  expired: 'is void: it was not used in time',
}
const notOpen = (request: ToldRequest): HttpProblem =>
  new HttpProblem(409, `The request ${request.id} ${SAYS[request.state]}.`, { request })

/** The number of the token, where the approver came with one: fresh, made for this if it says for what, and never used to approve before. */
function tokenFor(caller: Caller, digest: string, used: ReadonlySet<string>, nowMs: number): string | null {
  const { token } = caller
  if (token === undefined) return null
  const again = 'get a new one from your identity provider'
  if (token.id === null) throw new HttpProblem(403, `A token that approves needs a number of its own (jti); ${again}.`)
  if (token.madeMs === null || nowMs - token.madeMs > TOKEN_AGE_MS)
    throw new HttpProblem(403, `A token that approves must be fresh (iat within 15 minutes); ${again}.`)
  if (token.approves !== null && token.approves !== digest) throw new HttpProblem(403, 'This token approves something else.')
  if (used.has(token.id))
    throw new HttpProblem(403, `This token has approved something already, and each does so once; ${again}.`)
  return token.id
}

function incidentsOf(fold: RequestsFold, book: Book): Incident[] {
  const closed = new Map(
    book
      .entries()
      .filter(({ type }) => type === 'incident.closed')
      .map((entry) => [entry.about.slice('incident:'.length), entry]),
  )
  return [...fold.requests.values()].flatMap(({ id, incident, who, atMs }) => {
    if (incident === null) return []
    const end = closed.get(id)
    const { findings } = (end?.body ?? {}) as { findings: string }
    return [{ id, says: incident, who, atMs, closed: end === undefined ? null : { who: end.who, atMs: end.atMs, findings } }]
  })
}
