import type { FutureWire, OrderWire, PastWire } from '../../twin/wire.ts'

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
}

async function get<T>(path: string): Promise<T | null> {
  const answer = await fetch(path, { headers: { accept: 'application/json' } })
  if (answer.status === 404) return null
  if (!answer.ok) {
    const told = (await answer.json().catch(() => null)) as { title?: string; detail?: string } | null
    throw new Error(told?.detail ?? told?.title ?? `${answer.status}`)
  }
  return (await answer.json()) as T
}
