import { readdirSync } from 'node:fs'
import { InputError } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import type { Target } from '../target.ts'

/** What only some benchmarks can be asked. */
export type RoutingOptions = {
  readonly only: readonly string[] | null
  /** Days of each case; null for the usual number. */
  readonly seeds: number | null
  readonly seed: string
  readonly load: readonly string[] | null
  readonly set: readonly string[] | null
  readonly policies: readonly string[] | null
  readonly bound: boolean
  /** Folder of the recorded orders of Brunel. */
  readonly brunel: string | null
}

/** What a file bench/NAME.bench.ts exports as `benchmark`. */
export type Benchmark = {
  readonly name: string
  readonly about: string
  /** Further options it understands; without it none. */
  readonly takes?: readonly string[]
  readonly run: (
    options: {
      quick: boolean
      onProgress: (text: string) => void
      /** Decisions that are held against the simulator; null for the usual number. */
      recorded: number | null
      /** Simulated canaries of each world, at most; null for the usual number. */
      canaries: number | null
    } & RoutingOptions,
  ) => Promise<{
    targets: Target[]
    notes: string[]
    /** What was found beside targets: for people, and for programs. */
    found?: { readonly text: string; readonly data: unknown }
  }>
}

const FOLDER = new URL('../', import.meta.url)

export async function findBenchmarks(): Promise<Benchmark[]> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.bench.ts'))
  return Promise.all(
    files.sort().map(async (file) => ((await import(new URL(file, FOLDER).href)) as { benchmark: Benchmark }).benchmark),
  )
}

export function pickBenchmark(all: readonly Benchmark[], name: string): Benchmark {
  const found = all.find((benchmark) => benchmark.name === name)
  if (found !== undefined) return found
  const known = all.map((benchmark) => benchmark.name)
  throw new InputError([
    { file: 'bench', line: null, field: `"${name}"`, found: 'no such benchmark', fix: didYouMean(name, known) },
  ])
}
