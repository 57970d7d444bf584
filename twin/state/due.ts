/** Events by an instant at which something of each is due: the soonest first. A heap over two columns. */
export type Due = { readonly ms: number[]; readonly events: number[] }

export const openDue = (): Due => ({ ms: [], events: [] })

export function addDue({ ms, events }: Due, atMs: number, event: number): void {
  let i = ms.length
  ms.push(atMs)
  events.push(event)
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (ms[parent] <= atMs) break
    ms[i] = ms[parent]
    events[i] = events[parent]
    i = parent
  }
  ms[i] = atMs
  events[i] = event
}

/** The event that was due first, if it is by now; 0 where none is. */
export function takeDue({ ms, events }: Due, nowMs: number): number {
  if (ms.length === 0 || ms[0] > nowMs) return 0
  const first = events[0]
  const atMs = ms.pop() as number
  const event = events.pop() as number
  const count = ms.length
  if (count === 0) return first
  let i = 0
  for (;;) {
    let child = 2 * i + 1
    if (child >= count) break
    if (child + 1 < count && ms[child + 1] < ms[child]) child++
    if (ms[child] >= atMs) break
    ms[i] = ms[child]
    events[i] = events[child]
    i = child
  }
  ms[i] = atMs
  events[i] = event
  return first
}
