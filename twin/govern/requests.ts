import { type BookEntry, wallMsOf } from '../book/book.ts'
import { identityOf } from '../server/access.ts'
import { ACT_RULES, type TwoPeopleAct } from './act-rules.ts'

/**
 * What the book says of acts that take two people. Entries, all about `request:q-N`:
 *   request.made      {act, subject, what, digest, because, expiresMs, incident}   N is the number of this entry
 *   request.approved  {digest, token}      token: number of the token it was done with, which counts once
 *   request.refused   {because}
 * Whatever entry carries `under: q-N` in its body has used the request: it is good for one act.
 */
export type Approval = { readonly who: string; readonly identity: string; readonly atMs: number }

export type RequestState = 'open' | 'agreed' | 'refused' | 'used' | 'expired'

export type ActRequest = {
  readonly id: string
  readonly act: TwoPeopleAct
  /** What it is about, such as `alias:stable`. */
  readonly subject: string
  /** What would be done, to the letter: what is agreed to is its digest. */
  readonly what: Readonly<Record<string, unknown>>
  readonly digest: string
  readonly because: string
  readonly who: string
  readonly atMs: number
  readonly expiresMs: number
  readonly incident: string | null
  readonly approvals: readonly Approval[]
  readonly refused: { readonly who: string; readonly atMs: number; readonly because: string } | null
  /** Entry of the act that was done under it. */
  readonly usedBy: number | null
}

export class RequestsFold {
  readonly requests = new Map<string, ActRequest>()
  /** Numbers of tokens that something was approved with, ever. */
  readonly tokens = new Set<string>()

  take(entry: BookEntry): void {
    const { seq, who, about, type, body } = entry
    const atMs = wallMsOf(entry)
    // Whichever room it was: a token that has said yes once is used up.
    if (type.endsWith('.approved') && typeof body.token === 'string') this.tokens.add(body.token)
    if (typeof body.under === 'string') this.change(body.under, (request) => ({ ...request, usedBy: request.usedBy ?? seq }))
    const id = about.slice('request:'.length)
    if (type === 'request.made') {
      const made = body as unknown as Pick<
        ActRequest,
        'act' | 'subject' | 'what' | 'digest' | 'because' | 'expiresMs' | 'incident'
      >
      this.requests.set(id, { id, ...made, who, atMs, approvals: [], refused: null, usedBy: null })
    } else if (type === 'request.approved') {
      const identity = identityOf(who)
      this.change(id, (request) =>
        request.approvals.some((one) => one.identity === identity)
          ? request
          : { ...request, approvals: [...request.approvals, { who, identity, atMs }] },
      )
    } else if (type === 'request.refused') {
      const { because } = body as { because: string }
      this.change(id, (request) => ({ ...request, refused: { who, atMs, because } }))
    }
  }

  private change(id: string, to: (request: ActRequest) => ActRequest): void {
    const request = this.requests.get(id)
    if (request !== undefined) this.requests.set(id, to(request))
  }
}

/** People who agreed, without the one who asks: however many keys and tokens somebody has, he is one. */
export const othersOf = ({ who, approvals }: Pick<ActRequest, 'who' | 'approvals'>): readonly string[] => [
  ...new Set(approvals.map(({ identity }) => identity).filter((identity) => identity !== identityOf(who))),
]

export function stateOfRequest(request: ActRequest, nowMs: number): RequestState {
  if (request.usedBy !== null) return 'used'
  if (request.refused !== null) return 'refused'
  if (nowMs >= request.expiresMs) return 'expired'
  return othersOf(request).length >= ACT_RULES[request.act].others ? 'agreed' : 'open'
}
