import { looksLikeToken } from '../../govern/jwt.ts'
import { type Access, type Caller, MAY, type Role, rolesOf } from '../../server/access.ts'
import { isOwnName, keyIn } from '../../server/http.ts'
import { HttpProblem } from '../../server/problem-json.ts'
import type { Payer, SharedPace } from './shared-pace.ts'

/** Somebody who may decide, and whose pace it is that he asks at. */
export type Admitted = { readonly name: string; readonly payer: Payer }

/** Who may come to the threads that decide, and how often: the same for the quick door and for the server proper behind it. */
export class DoorKeeper {
  private readonly access: Access
  private readonly pace: SharedPace

  constructor(access: Access, pace: SharedPace) {
    this.access = access
    this.pace = pace
  }

  /** Null: the server proper says why not. A promise: a token that is not known yet is being checked; ask again when it is kept. */
  admit(host: string, authorization: string | null, apiKey: string | null): Admitted | Promise<unknown> | null {
    const { access } = this
    if (!access.keyed && !isOwnName(host)) return null
    const key = keyIn(authorization ?? undefined, apiKey ?? undefined)
    const caller = access.callerOf(key)
    if (caller !== null) return rolesOf(caller).some((role) => MAY_DECIDE.includes(role)) ? this.admitted(caller) : null
    return key !== null && access.identify !== undefined && looksLikeToken(key) ? access.identify(key) : null
  }

  admitted(caller: Caller): Admitted {
    return { name: caller.name, payer: this.pace.payer(`${caller.role} ${caller.name}`) }
  }

  /** How long the caller has to wait until so many orders may go on, ms; 0: they may, and count. */
  waitMs({ payer }: Admitted, orders: number): number {
    return this.pace.take(payer, orders)
  }

  /** What is wrong where they may not go on. */
  tooOften(who: Admitted, orders: number): HttpProblem | null {
    const waitMs = this.waitMs(who, orders)
    if (waitMs === 0) return null
    const seconds = Math.max(1, Math.ceil(waitMs / 1000))
    const says = `That was too often; ask again in ${seconds} s.`
    return new HttpProblem(429, says, { kind: 'decide' }, { 'retry-after': `${seconds}` })
  }
}

const MAY_DECIDE: readonly Role[] = MAY.decide
