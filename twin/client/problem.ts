/** An error as the server tells it (RFC 9457). Some have more fields. */
export type ProblemFields = {
  readonly status: number
  readonly title: string
  readonly detail: string
  /** The field that is wrong, or the first of them. */
  readonly field?: string
  /** Everything that is wrong with a request. */
  readonly problems?: readonly { readonly field: string; readonly found: string; readonly fix: string }[]
  readonly [more: string]: unknown
}

/** What the client throws where the server refuses. */
export class Problem extends Error {
  readonly status: number
  readonly body: ProblemFields

  constructor(body: ProblemFields) {
    super(`${body.status} ${body.title}: ${body.detail}`)
    this.name = 'Problem'
    this.status = body.status
    this.body = body
  }
}

export function isProblem(value: unknown): value is ProblemFields {
  if (typeof value !== 'object' || value === null) return false
  const { status, title, detail } = value as Record<string, unknown>
  return typeof status === 'number' && typeof title === 'string' && typeof detail === 'string'
}
