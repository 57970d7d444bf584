import { atLeast, atMost } from '../target.ts'
import { whyNoPowerCut } from '../twin/power-cut.ts'
import type { Found } from './api-targets.ts'
import { crashRounds, type DecisionLosses, powerCutsUnderLoad } from './crashes.ts'

/** What is lost when the data plane is killed, or its power cut, under load; and that the rounds would see it. */
export async function crashTargets(quick: boolean, onProgress: (text: string) => void): Promise<Found> {
  const [kills, cuts, controls] = quick ? [10, 3, 3] : [200, 20, 5]
  const found: Found = { targets: [], notes: [] }
  const told = (what: string) => (round: number, answered: number) =>
    onProgress(`${what}, round ${round + 1}: ${answered} decisions answered`)
  const must = (what: string, losses: DecisionLosses): void => {
    const { answered, lost, doubled, oversold, askedAgain, answeredDifferently, flaw } = losses
    found.targets.push(
      atMost(`lost or doubled in ${what}`, lost + doubled + (flaw === null ? 0 : 1), 'decisions', 0),
      atMost(`promised twice in ${what}`, oversold, 'units', 0),
      atLeast(`answered in ${what}`, answered, 'decisions', 1),
    )
    const different = answeredDifferently > 0 ? `, ${answeredDifferently} answered differently the second time` : ''
    const chain = flaw === null ? '' : `; the chain: ${flaw}`
    found.notes.push(`${what}: ${answered} decisions answered, ${askedAgain} asked again${different}${chain}`)
  }
  must(`${kills} rounds of kill -9`, await crashRounds(kills, 'durable', told('kill -9')))
  const early = await crashRounds(controls, 'early', told('answered too early'))
  found.targets.push(atLeast('lost by one that answers before a decision is durable (must lose)', early.lost, 'decisions', 1))
  const why = whyNoPowerCut()
  if (why !== null) return { ...found, notes: [...found.notes, `power cuts were left out: ${why}`] }
  must(`${cuts} power cuts`, await powerCutsUnderLoad(cuts, 'durable', told('power cut')))
  const unflushed = await powerCutsUnderLoad(controls, 'unflushed', told('unflushed'))
  found.targets.push(atLeast('lost by a log that does not flush (must lose)', unflushed.lost, 'decisions', 1))
  return found
}
