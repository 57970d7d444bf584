import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, formatPath } from '../read/check.ts'
import { loadNetwork } from '../read/network.ts'
import { InputError } from '../read/problem.ts'
import { Type } from '../schema/type.ts'
import type { Effects } from './effects.ts'
import type { FitReport, FittedNetwork } from './fit.ts'

export const FIT_FILE = 'fit.json'
const FORMAT = 'orrery-fit/1'

type FitFile = { readonly format: string; readonly scale: number; readonly report: FitReport; readonly effects: Effects }

const NUMBERS = Type.Array(Type.Number())
const BY_NAME = Type.Record(Type.String(), Type.Number())
/** What is read of the file when it comes back; the rest of the report is for people. */
const SHAPE = Type.Object({
  scale: Type.Number({ minimum: 1 }),
  report: Type.Object({ until: Type.String(), highestPerDay: Type.Number({ exclusiveMinimum: 0 }) }),
  effects: Type.Object({
    usualPromise: Type.Object({ level: Type.Number(), perLnKm: Type.Number(), middle: Type.Number(), region: BY_NAME }),
    haulPerPromise: Type.Number(),
    preparePerPromise: Type.Number(),
    meanPromise: Type.Number(),
    originLn: BY_NAME,
    warehouseLn: NUMBERS,
    drift: Type.Object({ prepare: Type.Number(), haul: Type.Number() }),
    donors: Type.Object({ lnPromise: NUMBERS, zone: NUMBERS, warehouse: NUMBERS }),
  }),
})

export function writeFit({ scale, report, effects }: FittedNetwork): string {
  return `${JSON.stringify({ format: FORMAT, scale, report, effects } satisfies FitFile)}\n`
}

/** A network that `orrery fit` wrote, with what it knows of single orders. */
export async function loadFitted(folder: string): Promise<FittedNetwork> {
  const { spec, folder: found } = await loadNetwork(folder)
  const file = join(found, FIT_FILE)
  const refuse = (what: string, cause?: unknown): never => {
    const fix = 'name a folder that `orrery fit` wrote'
    throw new InputError([{ file, line: null, field: '--network', found: what, fix }], { cause })
  }
  if (!existsSync(file)) refuse(`no ${FIT_FILE}`)
  let fit: FitFile
  try {
    fit = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause), cause)
  }
  if (fit?.format !== FORMAT) refuse(`format ${JSON.stringify(fit?.format)} instead of ${FORMAT}`)
  const shape = check(SHAPE, fit)
  if (!shape.ok) refuse(`${formatPath(shape.flaws[0].path)}: ${shape.flaws[0].found}`)
  const { effects } = fit
  const fits =
    effects.warehouseLn.length === spec.warehouses.length &&
    effects.donors.zone.every((zone) => zone < spec.zones.length) &&
    effects.donors.warehouse.every((warehouse) => warehouse < spec.warehouses.length)
  if (!fits) refuse('zones or warehouses that network.yaml and zones.csv do not have')
  return { spec, effects, scale: fit.scale, report: fit.report }
}
