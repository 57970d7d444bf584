import type { Role } from '../server/access.ts'

/** What takes two people, as data: who may ask, who may agree, how many others must, and for how long it then holds. */
export const TWO_PEOPLE_ACTS = ['promote', 'export', 'delete', 'break-glass', 'held'] as const
export type TwoPeopleAct = (typeof TWO_PEOPLE_ACTS)[number]

export type ActRule = {
  readonly about: string
  readonly asks: readonly Role[]
  readonly agrees: readonly Role[]
  /** People who must agree beside the one who asks. */
  readonly others: number
  /** From the asking until it is void, ms, at most. */
  readonly lastsMs: number
  /** An incident is opened with it, and somebody has to close it. */
  readonly incident: boolean
}

const HOUR_MS = 3_600_000

export const ACT_RULES: Readonly<Record<TwoPeopleAct, ActRule>> = {
  promote: {
    about: 'a version is put in charge: stable at the end of its rollout, a forecast when two want it',
    asks: ['planner', 'operator'],
    agrees: ['approver'],
    others: 1,
    lastsMs: 24 * HOUR_MS,
    incident: false,
  },
  export: {
    about: 'events, decisions or the book leave the house in bulk',
    asks: ['planner', 'operator'],
    agrees: ['approver'],
    others: 1,
    lastsMs: 24 * HOUR_MS,
    incident: false,
  },
  delete: {
    about: 'personal data is erased',
    asks: ['operator'],
    agrees: ['approver'],
    others: 1,
    lastsMs: 24 * HOUR_MS,
    incident: false,
  },
  // At night two operators may be all there is; what they do is looked at afterwards.
  'break-glass': {
    about: 'stable is changed without a rollout, since waiting would do more harm',
    asks: ['planner', 'operator'],
    agrees: ['approver', 'operator'],
    others: 1,
    lastsMs: 4 * HOUR_MS,
    incident: true,
  },
  held: {
    about: 'an act that somebody else should look at first',
    asks: ['planner', 'approver', 'operator'],
    agrees: ['approver', 'operator'],
    others: 1,
    lastsMs: 24 * HOUR_MS,
    incident: false,
  },
}
