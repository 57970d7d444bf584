import type { TSchema } from '../../../scenarios/schema/type.ts'
import type { Role } from '../access.ts'

/** What the document says of a route beside what the route itself knows (who may, and what its path holds). */
export type Described = {
  readonly summary: string
  readonly about: Topic
  readonly description?: string
  /** Names in the path, in words; what a name is of. */
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, TSchema>>
  /** Fields of the query that must be there. */
  readonly needs?: readonly string[]
  /** Bodies by media type. The very schemas that check them, where a schema does. */
  readonly request?: Readonly<Record<string, TSchema>>
  readonly bodyIsOptional?: boolean
  /** Answers by media type; JSON of some shape where nothing is said. */
  readonly response?: Readonly<Record<string, TSchema>>
  /** Of the answer; 200 where nothing is said. */
  readonly status?: number
  /** Problems it may answer with beside those of every route. */
  readonly problems?: readonly number[]
}

export const TOPICS = {
  decisions: 'Where orders ship from: asked, answered, explained.',
  outcomes: 'What was promised, and what became of it.',
  policies: 'Who decides, by which version, and what is worth what.',
  events: 'What feeds tell, and what could not be used of it.',
  state: 'What is known of orders, sites, stock and the network, now and at any instant.',
  alerts: 'What somebody should look at.',
  rollouts: 'New versions on their way to all orders.',
  governance: 'What takes two people, and the trail of what was done.',
  console: 'What the live page asks for.',
  server: 'How the server itself is doing.',
} as const
export type Topic = keyof typeof TOPICS

/** A route of the running server. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** As OpenAPI writes it: /v1/orders/{id}. */
  readonly path: string
  /** Empty: anybody, without a key. */
  readonly may: readonly Role[]
}

export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`
