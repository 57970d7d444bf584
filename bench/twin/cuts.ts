import { killRounds } from './crashes.ts'
import { powerCutRounds, whyNoPowerCut } from './power-cut.ts'
import type { Losses } from './written.ts'

export type Cuts = { readonly kills: number; readonly powerCuts: number; readonly controls: number }
type Target = { name: string; value: number; unit: string; target: string; met: boolean }

/** Rounds of crashes as targets: nothing is lost or doubled, and the two writers that break the promise are seen to lose. */
export async function cutTargets(
  { kills, powerCuts, controls }: Cuts,
  onProgress: (text: string) => void,
): Promise<{ targets: Target[]; notes: string[] }> {
  const told = (what: string) => (round: number, losses: Losses) =>
    onProgress(`${what}, round ${round + 1}: ${losses.acknowledged} acknowledged, ${losses.lost} lost`)
  const targets: Target[] = []
  const notes: string[] = []
  const must = (name: string, { acknowledged, lost, doubled, flaw }: Losses): void => {
    const value = lost + doubled + (flaw === null ? 0 : 1)
    targets.push({ name, value, unit: 'entries', target: '≤ 0', met: value === 0 && acknowledged > 0 })
    notes.push(`${name}: ${acknowledged} acknowledged${flaw === null ? '' : `; the chain: ${flaw}`}`)
  }
  const control = (name: string, { lost }: Losses): void => {
    targets.push({ name, value: lost, unit: 'entries', target: '> 0', met: lost > 0 })
  }
  must(`lost or doubled in ${kills} rounds of kill -9`, await killRounds(kills, 'durable', told('kill -9')))
  control('lost by a writer that acknowledges too early (must lose)', await killRounds(controls, 'early', told('too early')))
  const why = whyNoPowerCut()
  if (why !== null) return { targets, notes: [...notes, `power cuts were left out: ${why}`] }
  must(`lost or doubled in ${powerCuts} power cuts`, await powerCutRounds(powerCuts, 'durable', told('power cut')))
  control('lost by a log that does not flush (must lose)', await powerCutRounds(controls, 'unflushed', told('unflushed')))
  return { targets, notes }
}
