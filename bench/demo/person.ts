/** Somebody with a key who talks to the server over HTTP, and to nothing else. */
export class Person {
  readonly name: string
  private readonly key: string
  private readonly url: () => string

  constructor(name: string, key: string, url: () => string) {
    this.name = name
    this.key = key
    this.url = url
  }

  /** The answer, or throws with what the problem says. `seen`: what is sent as If-Match. */
  async ask<T>(method: 'GET' | 'POST', path: string, body?: unknown, seen?: number): Promise<T> {
    const { status, said } = await this.tell(method, path, body, seen)
    if (status < 400) return said as T
    const { detail } = (said ?? {}) as { detail?: string }
    throw new Refused(`${this.name}: ${method} ${path} was answered ${status}: ${detail ?? JSON.stringify(said)}`, status)
  }

  /** Status and answer, whatever they are. */
  async tell(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    seen?: number,
  ): Promise<{ readonly status: number; readonly said: unknown }> {
    const response = await fetch(new URL(path, this.url()), {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(seen === undefined ? {} : { 'if-match': `"${seen}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
    return { status: response.status, said: await response.json().catch(() => null) }
  }
}

export class Refused extends Error {
  readonly status: number
  constructor(message: string, status: number) {
    super(message)
    this.name = 'Refused'
    this.status = status
  }
}
