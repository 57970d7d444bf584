import type { MessagePort } from 'node:worker_threads'
import type { NetworkSpec } from '../../../sim/network-spec.ts'
import type { Assignment } from '../../rollout/assignment.ts'
import type { Paces } from '../../server/pace.ts'
import type { Decider } from '../decider.ts'
import type { KeyMemory } from './keys.ts'
import type { RingMemory } from './ring.ts'
import type { PaceMemory } from './shared-pace.ts'

/** Where the one who decides comes from: a module that exports `openDecider`, and what that is handed, as things stand when a thread starts. */
export type DeciderAt = { readonly module: string; readonly data: unknown }
/** `hear` says who is told the news that come from the main thread later. */
export type OpenDecider = (data: unknown, hear: (listener: (news: unknown) => void) => void) => Promise<Decider>

/** What a decision thread is handed when it starts. */
export type ThreadOrder = {
  /** Unique among all threads of this start, also those that replace others. */
  readonly owner: number
  readonly idsBegin: string
  readonly host: string
  readonly port: number
  readonly spec: NetworkSpec
  readonly decider: DeciderAt
  readonly assignment: Assignment
  /** File of the decision log, to be read. */
  readonly file: string
  readonly ring: RingMemory
  readonly keys: KeyMemory
  readonly bell: SharedArrayBuffer
  /** One float: the twin's time in ms; NaN: this machine's. */
  readonly clock: SharedArrayBuffer
  readonly fromLog: MessagePort
  /** As in ORRERY_KEYS. */
  readonly accessKeys: string | undefined
  /** As in ORRERY_JWT. */
  readonly tokens: string | undefined
  readonly paces: Paces
  readonly pace: PaceMemory
  readonly pseudonymKey: string
  /** Decisions of this thread that may be under way. */
  readonly room: number
  readonly isEarly: boolean
}

export type ToDecider =
  | { readonly what: 'assign'; readonly assignment: Assignment }
  /** For the decider, as it is. */
  | { readonly what: 'news'; readonly news: unknown }
  | { readonly what: 'stop' }

export type FromDecider =
  | { readonly what: 'listening'; readonly port: number }
  /** Nothing is under way, and nothing will be. */
  | { readonly what: 'drained' }
