/** Every kind of event the loop knows, and who goes first when several fall on one instant. */
export const KIND = {
  scene: 0,
  pulse: 1,
  shift: 2,
  receive: 3,
  arrival: 4,
  paid: 5,
  released: 6,
  pickedUp: 7,
  packedUp: 8,
  departure: 9,
  atHub: 10,
  hubWave: 11,
  vans: 12,
  delivered: 13,
  patience: 14,
  returned: 15,
  review: 16,
  feed: 17,
} as const
export const KIND_NAMES = Object.keys(KIND)

/**
 * Phases at equal times: the scene is set, hands and goods come free, work ends, customers and orders move, trucks and vans leave with
 * what is ready by then, patience ends, and reviews look at the result.
 */
const PHASES: { readonly [K in keyof typeof KIND]: number } = {
  scene: 0,
  pulse: 1,
  shift: 1,
  receive: 1,
  feed: 1,
  pickedUp: 2,
  packedUp: 2,
  atHub: 2,
  delivered: 2,
  arrival: 3,
  paid: 3,
  released: 3,
  departure: 4,
  hubWave: 4,
  vans: 4,
  patience: 5,
  returned: 5,
  review: 6,
}
export const PHASE_OF = Uint8Array.from(KIND_NAMES, (name) => PHASES[name as keyof typeof KIND])
