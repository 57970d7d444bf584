import type { DecidedBy } from './decision.ts'

/** Whether two decisions were taken by the same one in the same way: then they are written alike. */
export const isSameBy = (a: DecidedBy, b: DecidedBy): boolean =>
  a.version === b.version &&
  a.digest === b.digest &&
  a.arm === b.arm &&
  a.propensity === b.propensity &&
  a.rollout === b.rollout &&
  a.generation === b.generation &&
  a.servedInstead === b.servedInstead
