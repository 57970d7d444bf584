/**
 * Why an order's time passed. A trace gives each stage of a parcel's life its time by these causes, to the millisecond.
 *
 * - `work`: what a calm day takes as well.
 * - `calendar`: the next time that somebody works, a truck leaves or vans go; long when one was missed, which is the fault of what came before.
 * - `trouble`: something was short, or stood in the way.
 */
export type CauseKind = 'work' | 'calendar' | 'trouble'

/** What a trace calls it, of which kind it is, and how a planner would say it in 44 characters. */
const CAUSES = {
  'payment check': ['work', 'the payment was being checked'],
  'bank closed': ['calendar', 'no payments are approved on that day'],
  'no stock': ['trouble', 'no stock of what was ordered'],
  'site closed': ['trouble', 'the goods were in a closed warehouse'],
  'no option': ['trouble', 'goods there, but no shipment will do'],
  'not on the shelf': ['trouble', 'the books said more than was on the shelf'],
  preparation: ['work', 'the order was being prepared'],
  'no preparation that day': ['calendar', 'the warehouse prepares nothing on that day'],
  'off shift': ['calendar', 'outside of working hours'],
  'day off': ['calendar', 'nobody works in the warehouse on that day'],
  'warehouse closed': ['trouble', 'the warehouse was closed'],
  'fewer hands': ['trouble', 'fewer hands than usual, all busy'],
  'no picker free': ['trouble', 'no picker was free'],
  'no packer free': ['trouble', 'no packer was free'],
  'hands at work': ['work', 'picked or packed'],
  'weather on the hands': ['trouble', 'weather slowed the work'],
  'next truck': ['calendar', 'the next truck'],
  'no truck that day': ['calendar', 'no truck leaves on that day'],
  'cut-off missed': ['calendar', 'packed after the cut-off of its truck'],
  'truck full': ['trouble', 'the truck was full'],
  'carrier short': ['trouble', 'the carrier sent less room than usual'],
  'usual road': ['work', 'what this road usually takes by this service'],
  'slow on the road': ['trouble', 'the carrier was slower than usual'],
  'weather on the road': ['trouble', 'weather on the road'],
  'carrier disrupted': ['trouble', 'the carrier was disrupted'],
  'next wave': ['calendar', 'the next sorting wave of the hub'],
  'hub full': ['trouble', 'more at the hub than a wave can sort'],
  'hub short': ['trouble', 'the hub worked below its capacity'],
  'weather at the hub': ['trouble', 'weather slowed the hub'],
  'next vans': ['calendar', 'the next vans'],
  'no vans that day': ['calendar', 'no vans go on that day'],
  'vans missed': ['calendar', 'at the station after its vans had left'],
  'vans full': ['trouble', 'more at the station than the vans can take'],
  'weather on the vans': ['trouble', 'weather left the vans less room'],
  'nobody home': ['trouble', 'nobody was at home'],
  'on the round': ['work', "on the van's round"],
  'tight promise': ['trouble', 'the promise was tighter than a calm day'],
} as const satisfies Readonly<Record<string, readonly [CauseKind, string]>>

export type CauseId = keyof typeof CAUSES
export const CAUSE_IDS = Object.keys(CAUSES) as readonly CauseId[]

/** Number of a cause in a block of trace. */
export const CAUSE = Object.fromEntries(CAUSE_IDS.map((id, i) => [id, i])) as Readonly<Record<CauseId, number>>

export const causeKind = (id: CauseId): CauseKind => CAUSES[id][0]
export const causeSays = (id: CauseId): string => CAUSES[id][1]
