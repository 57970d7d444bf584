import type { NetworkSpec } from '../../../sim/network-spec.ts'
import type { FullRegistry } from '../../registry/registry.ts'
import type { Twin } from '../../server/twin.ts'
import type { Decision } from '../decision.ts'

/** Where decisions are made and kept, as far as the server of pages and people must know. */
export type DecisionPlane = {
  /** Its address on this machine. */
  readonly url: string
  byId(id: string): Promise<Decision | null>
}

/** What the routes about decisions are made of. */
export type ApiParts = {
  readonly spec: NetworkSpec
  /** Who decides, promises and forecasts where the registry has put no version in charge, as `orrery run --policies` takes it. */
  readonly policies: string
  readonly offsetMinutes: number
  /** Null where no decision threads run: then nothing is decided, and the rest works. */
  readonly plane: DecisionPlane | null
  readonly registry: Pick<FullRegistry, 'versions' | 'alias' | 'onMoved' | 'runnable'> | null
}

export type RouteParts = ApiParts & { readonly twin: Twin }
