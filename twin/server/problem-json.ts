/** Errors as RFC 9457 has them: what went wrong in words, and what would do, as `application/problem+json`. */
export const PROBLEM_JSON = 'application/problem+json; charset=utf-8'

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'Who asks is not known',
  403: 'This role may not do that',
  404: 'There is no such thing',
  405: 'That cannot be done here',
  406: 'It cannot be answered in this form',
  408: 'The request took too long',
  409: 'It is in another state than that needs',
  410: 'It was erased',
  413: 'The body is too large',
  415: 'Bodies of this type are not understood',
  421: 'This server has another name',
  422: 'Nothing of it can be used',
  429: 'Too much at once',
  500: 'Something went wrong here',
  503: 'Not ready',
}

export type ProblemBody = {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly [more: string]: unknown
}

/** An answer that is an error, thrown anywhere below a route. */
export class HttpProblem extends Error {
  readonly status: number
  readonly more: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    detail: string,
    more: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.name = 'HttpProblem'
    this.status = status
    this.more = more
    this.headers = headers
  }
}

export const problemBody = (status: number, detail: string, more: Readonly<Record<string, unknown>> = {}): ProblemBody => ({
  type: 'about:blank',
  title: TITLES[status] ?? (status < 500 ? 'The request cannot be answered' : 'Something went wrong here'),
  status,
  detail,
  ...more,
})
