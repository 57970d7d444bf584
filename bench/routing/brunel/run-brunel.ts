import { loadSolver } from '../../../scenarios/highs.ts'
import { InputError } from '../../../scenarios/read/problem.ts'
import { type BrunelRow, type BrunelTable, daysForAll, playBrunel } from './brunel.ts'
import { brunelText } from './brunel-text.ts'
import { readBrunel, WHERE_TO_GET } from './tables.ts'

type Ask = {
  readonly quick: boolean
  readonly only: readonly string[] | null
  readonly load: readonly string[] | null
  readonly set: readonly string[] | null
  readonly policies: readonly string[] | null
  readonly seeds: number
  readonly seed: string
  readonly brunel: string | null
  readonly onProgress: (text: string) => void
}

/** The folder where the recorded orders were asked for, or null. What has no meaning for them is refused. */
export function brunelFolder({ brunel, only, load, set, policies }: Ask): string | null {
  const refuse = (field: string, found: string, fix: string): InputError =>
    new InputError([{ file: 'bench routing', line: null, field, found, fix }])
  if (brunel === null) {
    if (only?.includes('brunel')) throw refuse('--only', 'brunel without its data, which is not part of Orrery', WHERE_TO_GET)
    return null
  }
  for (const [field, given] of Object.entries({ '--load': load, '--set': set, '--policies': policies }))
    if (given !== null) throw refuse(field, 'an option that the recorded orders do not have', 'leave it out beside --brunel')
  if (only !== null && only.join() !== 'brunel')
    throw refuse('--only', `${only.join(',')} beside --brunel`, 'ask for the recorded orders alone')
  return brunel
}

/** Said where the recorded orders are not played. */
export const BRUNEL_NOTE = `the recorded orders of Brunel are not among these: ${WHERE_TO_GET}`

/** The recorded orders under their rate card: as they went, and as they could have gone. */
export async function runBrunel(folder: string, { quick, seeds, seed, onProgress }: Ask) {
  const tables = await readBrunel(folder)
  const solver = await loadSolver()
  onProgress('days that the plants need')
  const days = daysForAll(tables, solver)
  const fewer = [days - 1, 1]
    .filter((few, i, all) => few > 0 && all.indexOf(few) === i)
    .map((few) => ({ days: few, slower: true }))
  const cases = [{ days, slower: true }, ...(quick ? [] : [{ days, slower: false }, ...fewer])]
  const played = cases.map((rules) => {
    onProgress(`brunel, days of places: ${rules.days}${rules.slower ? '' : ', none slower than recorded'}`)
    return playBrunel(tables, rules, { solver, seeds, seed, onProgress })
  })
  const { unpriced, leftOut, orders } = played[0]
  return {
    targets: played.flatMap((table) => targetsOf(table, table.days < days)),
    notes: [
      `cost: dollars a unit at the plant, and freight by the rate card: by air max(minimum, rate × kg) of the order's own band, by ground a truck's price for each truck filled, none where the customer sends for it; an order not done costs twice its dearest way`,
      `a plant does an order if it holds the product, is not kept for other customers, and a port of its has a price for the service asked for and the weight; ${leftOut} of ${(orders + leftOut).toLocaleString('en-US')} orders could go nowhere and are left out`,
      `the record: ${unpriced.toLocaleString('en-US')} orders weigh what their carrier has no price for and count at the cheapest of their port and service, so that the record may have been dearer`,
      'places are orders a plant can do in a day, so many days of them; the record is of one day and took more than there are',
      'not run by the simulator: the sheets have one date, no times, no places on a map and no stock, so that nothing happens in time; the market that prices the simulator’s orders is solved on them instead',
    ],
    found: { text: played.map(brunelText).join('\n\n'), data: played },
  }
}

/** That the bound is sharp; and that prices help where places run short, and do no harm where they do not. */
function targetsOf({ label, rows }: BrunelTable, isShort: boolean) {
  const of = (name: string): BrunelRow => {
    const row = rows.find(({ routing }) => routing === name)
    if (row === undefined) throw new Error(`no routing ${name}`)
    return row
  }
  const width = of('hindsight plan').gap.mean
  const [learnt, greedy] = [of('bid-price'), of('cheapest')]
  const apart = (learnt.cost.high - greedy.cost.low) / 1000
  return [
    { name: `brunel, ${label}: plan above bound`, value: 100 * width, unit: '%', target: '≤ 0.5', met: width <= 0.005 },
    isShort
      ? {
          name: `brunel, ${label}: bid-price is cheaper than cheapest`,
          value: apart,
          unit: '1000 $ between the ends of their intervals',
          target: '≤ 0',
          met: apart <= 0,
        }
      : {
          name: `brunel, ${label}: bid-price above bound`,
          value: 100 * learnt.gap.high,
          unit: '% at the end of its interval',
          target: '≤ 0.5',
          met: learnt.gap.high <= 0.005,
        },
  ]
}
