/**
 * What a price is made of, and why there is none: the words in which a routing policy accounts for itself. Names only; sentences in any
 * language are made of them elsewhere.
 */

/** Every term, with the unit its amount is in. */
export const TERMS = {
  /** Handling and freight. */
  cost: 'cents',
  /** What being late is expected to cost the business. */
  lateness: 'cents',
  /** What hands, places on the truck and goods are worth to orders still to come. */
  hands: 'cents',
  truckRoom: 'cents',
  goods: 'cents',
  /** A price on the wait itself. */
  queue: 'cents',
  carbon: 'cents',
  /** The risk that the picker finds nothing. */
  emptyShelf: 'cents',
  /** What shipments like it have cost beyond what was expected, and what is taken off for how little is known of that. */
  experience: 'cents',
  doubt: 'cents',
  /** A price on a departure that fills up. */
  fullWave: 'cents',
  /** Prices of policies that do not reckon in money: what counts most comes first. */
  distance: 'km',
  queueTime: 'hours',
  parcelsAhead: 'parcels',
  notPickedByLot: 'times',
  notInTime: 'times',
  pastCap: 'times',
  listPlace: 'places',
  keptForHome: 'times',
  notAsDrawn: 'lines',
  journey: 'hours',
  /** Rule sets: how many rules that take the order are passed over, each shipment, and the band under each sort. */
  rulesPassed: 'times',
  shipments: 'times',
  'sort km': 'bands',
  'sort cost': 'bands',
  'sort etaHours': 'bands',
  'sort backlogHours': 'bands',
  'sort parcelsAhead': 'bands',
  'sort unitsLeft': 'bands',
  'sort stockShare': 'bands',
  'sort rank': 'bands',
  'sort co2Grams': 'bands',
  'sort lateShare': 'bands',
  /** Of a policy that does not account for itself: its price as it is. */
  price: 'points',
} as const satisfies Record<string, string>

export type TermName = keyof typeof TERMS

/** One summand of a price: amount × weight. Money has the weight 1; what is compared before anything else has a large one. */
export type Term = {
  readonly name: TermName
  readonly amount: number
  readonly weight: number
  /** What the amount is of, where the name leaves that open: the rule. */
  readonly of?: string
}

/** Why a policy refuses an option: the rule, and which of its filters. */
export type Refusal = { readonly rule: string; readonly filter: string }

/** How fresh what a policy decides by is: its plan, an old plan, fixed rules, or what never changes. */
export const RUNGS = ['fresh prices', 'stale prices', 'rules', 'static'] as const
export type Rung = (typeof RUNGS)[number]

export const money = (name: TermName, cents: number): Term => ({ name, amount: cents, weight: 1 })

/** How policies that look at no queue choose among services: in time by the timetable by cost, else by how long it takes, behind all that are. */
export const timetableTerms = (
  { calmEtaMsP90, promisedMs, placedMs, costCents }: TimetableFacts,
  lateWeight: number,
): readonly Term[] =>
  calmEtaMsP90 <= promisedMs
    ? [money('cost', costCents)]
    : [
        { name: 'notInTime', amount: 1, weight: lateWeight },
        { name: 'journey', amount: (calmEtaMsP90 - placedMs) / 3_600_000, weight: 1 },
      ]
type TimetableFacts = {
  readonly calmEtaMsP90: number
  readonly promisedMs: number
  readonly placedMs: number
  readonly costCents: number
}
