import { existsSync } from 'node:fs'
import { parseContestant } from '../../scenarios/contestant.ts'
import type { Drawing, Point } from '../../scenarios/pareto/drawing.ts'
import { type Pin, pinOf, pinText } from '../../scenarios/pin/pin.ts'
import { InputError, wrongOption } from '../../scenarios/read/problem.ts'
import { checkDestination, writeDestination } from './destination.ts'
import type { Pinning } from './pareto-options.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/** Where a pin goes. A name is given once: what stands there already is not written over. */
export function freePinFile(name: string, out: string | null): string {
  if (!NAME.test(name))
    throw wrongOption('NAME', `"${name}"`, 'use letters, digits, dots, dashes and underscores, such as steady-and-clean')
  const file = out ?? `pins/${name}.yaml`
  if (existsSync(file))
    throw wrongOption(out === null ? 'NAME' : '--out', `${file}, which is there already`, 'take another name, or remove the file')
  checkDestination(file, '--out')
  return file
}

export const writePin = (pin: Pin, file: string): void => writeDestination(file, pinText(pin), '--out')

/** A point of a drawing under a name, with the figures it had there. */
export async function pinPoint(drawing: Drawing, { name, point }: Pinning, file: string): Promise<Pin> {
  const chosen = pointOfDrawing(drawing, point)
  const { network, scenario, seed, replications, version, knee } = drawing
  const { onTimeShare, costPerOrder, co2PerOrder } = chosen.measures
  const pin = await pinOf(name, await parseContestant(chosen.id), {
    network: network.asked,
    networkDigest: network.digest,
    scenario: scenario.id,
    seed,
    replications,
    version,
    figures: { onTimeShare: plain(onTimeShare), costPerOrder: plain(costPerOrder), co2PerOrder: plain(co2PerOrder) },
    ...(knee?.point === chosen.number ? { knee: true } : {}),
  })
  const { digests } = drawing.policies[chosen.policy]
  for (const { id, digest } of Object.values(pin.policies)) {
    if (digests[id] === digest) continue
    const found = `figures of another policies/${id}.ts than there is now`
    const fix = 'draw the front anew, or bring the file back to what was run'
    throw new InputError([{ file: 'policies', line: null, field: chosen.id, found, fix }])
  }
  writePin(pin, file)
  return pin
}

const plain = ({ low, mean, high }: { low: number; mean: number; high: number }) => ({ low, mean, high })

function pointOfDrawing({ points, knee }: Drawing, asked: number | 'knee'): Point {
  const refuse = (found: string, fix: string): InputError => wrongOption('point', found, fix)
  const front = points.filter(({ standing, isAllowed }) => isAllowed && standing === 'front').map(({ number }) => number)
  if (asked === 'knee') {
    if (knee === null) throw refuse('knee, where the front has none', `name one of the front: ${front.join(', ')}`)
    return points[knee.point - 1]
  }
  const point = points.find(({ number }) => number === asked)
  if (point === undefined) throw refuse(String(asked), `there are points 1 to ${points.length}; the front is ${front.join(', ')}`)
  return point
}
