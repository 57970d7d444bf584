import { hash } from 'node:crypto'

/**
 * Who decides for an order: the pure function of a generation and a unit by which every thread, today and after a restart, gives the same
 * answer. A generation is what the rollout last said; decision threads are told of a new one and never make one up.
 */
export const UNITS = ['order', 'customer', 'switchback'] as const
export type Unit = (typeof UNITS)[number]

/** Which side a unit is on. `control` is the equal-size range opposite the candidate; `stable` lies between, and is used by tests of means. */
export const ARMS = ['stable', 'control', 'candidate'] as const
export type Arm = (typeof ARMS)[number]

export type Assignment = {
  /** Rises by one with each change; a thread never goes back. */
  readonly generation: number
  /** Version (registry id) that decides where nothing else is said. */
  readonly stable: string
  /** The rollout under way, or null: then stable decides everything. */
  readonly rollout: {
    readonly id: string
    readonly candidate: string
    readonly unit: Unit
    /** Never used by two rollouts. */
    readonly salt: string
    /** Part of the units that the candidate decides for, 0 … 1; 0 while both are only computed (shadow). */
    readonly share: number
    /** Both policies are asked about every order, and both answers kept. */
    readonly logsBoth: boolean
    /** Length of a block of a switchback, ms; ignored for other units. */
    readonly blockMs: number
    /** Who has heard nothing for so long, ms, has orders of the candidate served by stable (`lease.ts`); left out: for ever. */
    readonly leaseMs?: number
  } | null
}

/** Units are hashed into 2^52 places: the first 13 hexadecimal digits of SHA-256 over `v1|salt|unit` in UTF-8, as a part of 1. */
export function bucketOf(salt: string, unit: string): number {
  return Number.parseInt(hash('sha256', `v1|${salt}|${unit}`, 'hex').slice(0, 13), 16) / 2 ** 52
}

/** Ranges are nested: as the share rises nobody leaves the candidate or the control before they meet at a half. */
export function armOf(share: number, bucket: number): Arm {
  if (bucket < share) return 'candidate'
  return bucket >= 1 - share ? 'control' : 'stable'
}

/** What is hashed: the order, its customer, or its region's block of time. Only a customer may be missing: then the order stands for him. */
export function unitOf(
  { unit, blockMs }: { readonly unit: Unit; readonly blockMs: number },
  order: { readonly order: string; readonly customer: string | null; readonly region: string; readonly atMs: number },
): string {
  switch (unit) {
    case 'order':
      return order.order
    case 'customer':
      return order.customer ?? order.order
    case 'switchback':
      return `${order.region}|${Math.floor(order.atMs / blockMs)}`
  }
}
