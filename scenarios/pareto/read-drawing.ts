import { check, formatPath } from '../read/check.ts'
import { InputError } from '../read/problem.ts'
import { readText } from '../read/text-file.ts'
import { Type } from '../schema/type.ts'
import type { Drawing } from './drawing.ts'

const FORMAT: Drawing['format'] = 'orrery-pareto/1'

const text = Type.String()
const number = Type.Number()
const figure = Type.Object({ low: number, mean: number, high: number })
/** What pinning goes by. The rest is for people and pictures, and is not looked at again. */
const SHAPE = Type.Object({
  version: text,
  network: Type.Object({ asked: text, digest: text }),
  scenario: Type.Object({ id: text }),
  seed: text,
  replications: number,
  policies: Type.Array(Type.Object({ digests: Type.Record(text, text) })),
  points: Type.Array(
    Type.Object({
      number,
      id: text,
      policy: number,
      standing: text,
      isAllowed: Type.Boolean(),
      measures: Type.Object({ onTimeShare: figure, costPerOrder: figure, co2PerOrder: figure }),
    }),
  ),
  knee: Type.Union([Type.Null(), Type.Object({ point: number })]),
})

/** A drawing that `orrery pareto --json FILE` wrote, or what is wrong with the file. */
export function readDrawing(file: string): Drawing {
  const refuse = (found: string, cause?: unknown, field = 'file'): InputError =>
    new InputError([{ file, line: null, field, found, fix: 'name a file that `orrery pareto --json FILE` wrote' }], { cause })
  let value: unknown
  try {
    value = JSON.parse(readText(file, refuse))
  } catch (cause) {
    throw cause instanceof SyntaxError ? refuse('something that is no JSON', cause) : cause
  }
  const isDrawing = typeof value === 'object' && value !== null && 'format' in value && value.format === FORMAT
  if (!isDrawing) throw refuse(`no drawing of the form ${FORMAT}`)
  const checked = check(SHAPE, value)
  if (!checked.ok) throw refuse(checked.flaws[0].found, undefined, formatPath(checked.flaws[0].path))
  const { points, policies, knee } = checked.value
  points.forEach(({ number, policy }, i) => {
    if (number !== i + 1) throw refuse(String(number), undefined, `points[${i}].number`)
    if (policies[policy] === undefined) throw refuse(String(policy), undefined, `points[${i}].policy`)
  })
  if (knee !== null && points[knee.point - 1] === undefined) throw refuse(String(knee.point), undefined, 'knee.point')
  return value as Drawing
}
