import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { InputError } from '../../scenarios/read/problem.ts'
import type { Calibration } from './calibration.ts'
import type { Errata } from './errata.ts'
import { AT_FIRST, STANDINGS, type Standing } from './judge.ts'

/** How a twin stands, kept between two judgements, with the calibration that holds, and what futures by it are usually off by. */
export type StandingFile = {
  readonly format: 'orrery-standing/1'
  readonly standing: Standing
  readonly calibration: Calibration | null
  /** Not there in files that were written before errors were kept. */
  readonly errata?: Errata
}

export function readStanding(file: string): StandingFile {
  if (!existsSync(file)) return { format: 'orrery-standing/1', standing: AT_FIRST, calibration: null }
  const wrong = (found: string): InputError =>
    new InputError([{ file, line: null, field: 'standing', found, fix: 'remove the file to judge the twin as a new one' }])
  let read: StandingFile
  try {
    read = JSON.parse(readFileSync(file, 'utf8')) as StandingFile
  } catch {
    throw wrong('no JSON')
  }
  if (read.format !== 'orrery-standing/1') throw wrong(`format ${String(read.format)}`)
  if (!STANDINGS.includes(read.standing?.state)) throw wrong(`state ${String(read.standing?.state)}`)
  return read
}

export function keepStanding(file: string, kept: StandingFile): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.part`, `${JSON.stringify(kept, null, 2)}\n`)
  renameSync(`${file}.part`, file)
}
