import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'
import { wrongOption } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { LawsNote } from '../fidelity/laws.ts'
import { type Forecast, forecastNumbers, forecastOf, ordersTold } from './forecast.ts'
import type { Band } from './interval.ts'

/** A future as it is kept: what was asked, from when on, and what each replication came to, hour by hour. */
export type Future = {
  readonly format: 'orrery-future/1'
  readonly name: string
  readonly network: string
  /** By which laws it was run; not there in futures that were kept before this was told: then as the network states them. */
  readonly laws?: LawsNote
  /** What was laid over the present; null for nothing. */
  readonly scenario: string | null
  /** How many pieces of each kind were told to hold. */
  readonly told: Readonly<Record<string, number>>
  readonly policies: string
  readonly seed: string
  /** The present it begins with. */
  readonly asOf: string
  readonly hours: number
  readonly replications: number
  readonly openOrders: number
  readonly leftOut: Readonly<Record<string, number>>
  readonly tookMs: number
  readonly measures: Readonly<Record<string, Band>>
  /** Sites, zones, services and orders, replication by replication, for questions; not there in futures that were kept before these could be asked. */
  readonly detail?: FutureDetail
}
export type FutureDetail = {
  /** Orders of the present, as they are numbered in it. */
  readonly orders: readonly string[]
  /** What each replication tells as `forecast.ts` reads it: numbers of four bytes, deflated, in base 64. */
  readonly runs: readonly string[]
}

export const packDetail = (orders: readonly string[], runs: readonly Float64Array[]): FutureDetail => ({
  orders,
  runs: runs.map((run) => deflateSync(new Uint8Array(Float32Array.from(run).buffer)).toString('base64')),
})

/** The forecast of a kept future: of the network that it was made of, whose places stand in the order they have there. */
export function forecastOfKept({ name, network, asOf, hours, detail }: Future, id: string, spec: NetworkSpec): Forecast {
  if (network !== id) throw wrongOption('--future', `${name}, which is of ${network}`, `name that network: --network ${network}`)
  if (detail === undefined)
    throw wrongOption('--future', `${name}, which was kept without what can be asked`, 'make and keep a new one')
  const runs = detail.runs.map((run) => new Float32Array(new Uint8Array(inflateSync(Buffer.from(run, 'base64'))).buffer))
  const expected = forecastNumbers(spec, hours, ordersTold(detail.orders.length))
  if (runs.some(({ length }) => length !== expected))
    throw wrongOption(
      '--future',
      `${name}, which is of other sites, zones or services`,
      'make a new one of the network as it is now',
    )
  return forecastOf(spec, Date.parse(asOf), hours, detail.orders, runs)
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i

/** Writes it under its name; a future of that name that is there already is not written over. */
export function keepFuture(folder: string, future: Future): string {
  const file = fileOf(folder, future.name)
  if (existsSync(file))
    throw wrongOption('--name', `${future.name}, which is kept already`, `take another name, or remove ${file}`)
  mkdirSync(folder, { recursive: true })
  // All of it or nothing: a reader never meets half a file.
  writeFileSync(`${file}.part`, JSON.stringify(future))
  renameSync(`${file}.part`, file)
  return file
}

export function readFuture(folder: string, name: string, option = '--diff'): Future {
  const file = fileOf(folder, name)
  if (!existsSync(file)) throw wrongOption(option, `no future called ${name} in ${folder}`, didYouMean(name, keptFutures(folder)))
  const read = JSON.parse(readFileSync(file, 'utf8')) as Future
  if (read.format !== 'orrery-future/1')
    throw wrongOption(option, `format ${read.format}`, 'it was kept by another version of Orrery')
  return read
}

const keptFutures = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.future.json'))
        .map((file) => file.slice(0, -'.future.json'.length))
        .sort()
    : []

function fileOf(folder: string, name: string): string {
  if (!NAME.test(name)) throw wrongOption('--name', `"${name}"`, 'use letters, digits, dots and dashes, 64 at most')
  return join(folder, `${name}.future.json`)
}
