import type { Arm } from '../rollout/assignment.ts'
import type { DecidedBy } from './decision.ts'

/** Who decides, as bytes of JSON: what was last said of each arm, since decisions of one arm hardly ever differ in it. `tell` is what is said. */
export class SaidBy {
  private readonly last = new Map<Arm, { readonly by: DecidedBy; readonly bytes: Uint8Array }>()
  private readonly tell: (by: DecidedBy) => unknown

  constructor(tell: (by: DecidedBy) => unknown) {
    this.tell = tell
  }

  bytes(by: DecidedBy): Uint8Array {
    const known = this.last.get(by.arm)
    if (known !== undefined && isSame(known.by, by)) return known.bytes
    const bytes = Buffer.from(JSON.stringify(this.tell(by)))
    this.last.set(by.arm, { by, bytes })
    return bytes
  }
}

const isSame = (a: DecidedBy, b: DecidedBy): boolean =>
  a.version === b.version &&
  a.digest === b.digest &&
  a.propensity === b.propensity &&
  a.rollout === b.rollout &&
  a.generation === b.generation &&
  a.servedInstead === b.servedInstead
