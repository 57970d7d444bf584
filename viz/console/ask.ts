import type { FutureWire, OrderWire, PastWire, RolloutPicture, RolloutRow } from '../../twin/wire.ts'

/** What the page asks for when somebody wants to know more. Answers that are not there are null; what goes wrong is thrown in words. */
export const ask = {
  order: (id: string) => get<OrderWire>(`/v1/console/orders/${encodeURIComponent(id)}`),
  ordersAt: async (warehouse: string) =>
    (
      await get<{ orders: readonly { id: string; state: string; promisedMs: number | null }[] }>(
        `/v1/console/sites/${encodeURIComponent(warehouse)}/orders`,
      )
    )?.orders ?? [],
  past: (atMs: number) => get<PastWire>(`/v1/console/past?at=${Math.round(atMs)}`),
  future: async () => (await get<{ future: FutureWire | null }>('/v1/console/future'))?.future ?? null,
  rollouts: async () => (await get<{ rollouts: readonly RolloutRow[] }>('/v1/rollouts'))?.rollouts ?? [],
  rollout: (id: string) => get<RolloutPicture>(`/v1/rollouts/${encodeURIComponent(id)}`),
  /** Does something to a rollout as it was seen; refused where it has gone on since. */
  act: (id: string, verb: string, seq: number, said: object) =>
    fetched<RolloutPicture>(`/v1/rollouts/${encodeURIComponent(id)}/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'if-match': `"${seq}"` },
      body: JSON.stringify(said),
    }),
}

/** What a server said no with. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, detail: string) {
    super(detail)
    this.status = status
  }
}

/** Who looks, where the server wants to know: kept as long as the page is open, and nowhere. */
let key: string | null = null
export const keyOf = (): string | null => key
export function useKey(said: string): void {
  key = said
}

async function get<T>(path: string): Promise<T | null> {
  try {
    return await fetched<T>(path, {})
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return null
    throw error
  }
}

async function fetched<T>(path: string, init: RequestInit): Promise<T> {
  const headers = { accept: 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...init.headers }
  const answer = await fetch(path, { ...init, headers })
  if (answer.ok) return (await answer.json()) as T
  const told = (await answer.json().catch(() => null)) as { title?: string; detail?: string } | null
  throw new Refusal(answer.status, told?.detail ?? told?.title ?? `${answer.status}`)
}
