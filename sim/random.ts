import seedrandom from 'seedrandom'

/**
 * Luck has names. Every draw is a pure function of (seed, replication, entity, purpose, k), so two policies meet the same customers,
 * breakdowns and storms even after their decisions diverge, and there is no generator state to keep, copy or share.
 *
 * The function is Threefry-2x32 with 13 rounds: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
export type Dice = { readonly key0: number; readonly key1: number; readonly key2: number }

/** What a draw is for. Each number means one thing for ever: changing one changes every recorded run. */
export const PURPOSE = {
  gap: 1,
  zone: 2,
  lines: 3,
  sku: 4,
  units: 5,
  payment: 6,
  approval: 7,
  impatient: 8,
  patience: 9,
  prepare: 10,
  pick: 11,
  pack: 12,
  transit: 13,
  lost: 14,
  attempt: 15,
  round: 16,
  returns: 17,
  returnDelay: 18,
  dayLevel: 19,
  zoneLevel: 20,
  leadTime: 21,
  history: 22,
  cellCount: 23,
  cellPlace: 24,
  cellStrength: 25,
  stormWander: 26,
  stockError: 27,
  /** Worlds drawn by the swarm, from dice of their own. */
  swarm: 64,
  /** Instances of the routing benchmarks, from dice of their own. */
  instance: 72,
  /** Replenishment networks (sim/supply): luck of a customer stream, of a site's orders, of a plant's batches. */
  streamGap: 80,
  streamUnits: 81,
  siteLead: 82,
  batchTime: 83,
  toCustomer: 84,
  /** Which knobs a front is looked for with, and how its replications are drawn again; from dice of their own. */
  design: 96,
  resample: 97,
  /** The twin: what sensors of an outside world read, what its wire does, and how a present that was only told goes on. */
  sensor: 104,
  wire: 105,
  present: 106,
  /** Simulated canaries and races of policies, from dice of their own. */
  canary: 112,
} as const

const PARITY = 0x1bd11bda

/** `seed` is any text; replications of one seed are independent of each other. */
export function dice(seed: string, replication: number): Dice {
  const named = seedrandom(seed)
  const key0 = named.int32()
  const key1 = (named.int32() + Math.imul(replication, 0x9e3779b9)) | 0
  return { key0, key1, key2: PARITY ^ key0 ^ key1 }
}

/** A number strictly between 0 and 1 with 53 random bits. `entity` is taken modulo 2^32, `k` modulo 2^24. */
export function draw(dice: Dice, entity: number, purpose: number, k: number): number {
  const k0 = dice.key0
  const k1 = dice.key1
  const k2 = dice.key2
  let a = (entity + k0) | 0
  let b = (((purpose << 24) | (k & 0xffffff)) + k1) | 0
  a = (a + b) | 0
  b = ((b << 13) | (b >>> 19)) ^ a
  a = (a + b) | 0
  b = ((b << 15) | (b >>> 17)) ^ a
  a = (a + b) | 0
  b = ((b << 26) | (b >>> 6)) ^ a
  a = (a + b) | 0
  b = ((b << 6) | (b >>> 26)) ^ a
  a = (a + k1) | 0
  b = (b + k2 + 1) | 0
  a = (a + b) | 0
  b = ((b << 17) | (b >>> 15)) ^ a
  a = (a + b) | 0
  b = ((b << 29) | (b >>> 3)) ^ a
  a = (a + b) | 0
  b = ((b << 16) | (b >>> 16)) ^ a
  a = (a + b) | 0
  b = ((b << 24) | (b >>> 8)) ^ a
  a = (a + k2) | 0
  b = (b + k0 + 2) | 0
  a = (a + b) | 0
  b = ((b << 13) | (b >>> 19)) ^ a
  a = (a + b) | 0
  b = ((b << 15) | (b >>> 17)) ^ a
  a = (a + b) | 0
  b = ((b << 26) | (b >>> 6)) ^ a
  a = (a + b) | 0
  b = ((b << 6) | (b >>> 26)) ^ a
  a = (a + k0) | 0
  b = (b + k1 + 3) | 0
  a = (a + b) | 0
  b = ((b << 17) | (b >>> 15)) ^ a
  return ((a >>> 5) * 67108864 + (b >>> 6) + 0.5) * 1.1102230246251565e-16
}
