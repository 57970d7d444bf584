import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { OrderAnswer } from './order-model.ts'

/** The others on this machine: a C++ compiler and a Python with SimPy, each ready to run the models, or what it takes to have it. */
export type Other<T> = { readonly run: (args: readonly string[]) => Promise<T> } | { readonly missing: string }

type Reported = { readonly cpuSeconds: number; readonly checksum: number }
type OrdersReported = { readonly cpuSeconds: number; readonly answer: OrderAnswer }
export type CppReport = {
  readonly hold: readonly { readonly pending: number; readonly ring: Reported; readonly std: Reported }[]
  readonly clerk: Reported
  readonly orders: OrdersReported
}
export type SimpyReport = {
  readonly simpy: string
  readonly python: string
  readonly hold: readonly (Reported & { readonly pending: number })[]
  readonly clerk: Reported
  readonly orders: OrdersReported
}

const SIMPY = 'simpy==4.1.1'
const run = promisify(execFile)
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Programs, tables and the Python environment are kept here. */
export function workshop(): string {
  const folder = fileURLToPath(new URL('../../out/peers/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  return folder
}

export const reportOf = async <T>(program: string, args: readonly string[]): Promise<T> => {
  const { stdout } = await run(program, args, { timeout: 600_000, maxBuffer: 1 << 20 })
  return JSON.parse(stdout) as T
}

/** Compiles `peers.cpp` for this machine. Products are not fused with sums, so that its sums are ours to the last bit. */
export async function cpp(folder: string): Promise<Other<CppReport>> {
  const compiler = process.env.CXX ?? 'g++'
  const program = `${folder}peers-cpp`
  const flags = ['-O3', '-march=native', '-ffp-contract=off', '-std=c++17', '-o', program, here('peers.cpp')]
  try {
    await run(compiler, flags, { timeout: 120_000 })
  } catch (cause) {
    return { missing: `C++ was not measured: ${firstLine(cause)}. Install g++, or name a compiler in CXX` }
  }
  return { run: (args) => reportOf(program, args) }
}

/** A Python that has SimPy: the machine's own, or an environment made for it once. */
export async function simpy(folder: string): Promise<Other<SimpyReport>> {
  const python = await pythonWith({ library: 'SimPy', module: 'simpy', wanted: SIMPY, environment: `${folder}venv` })
  if ('missing' in python) return python
  return { run: (args) => reportOf(python.program, [here('peers.py'), ...args]) }
}

/** The program of a Python that has a library, or what it takes to have one. */
export async function pythonWith({
  library,
  module,
  wanted,
  environment,
}: {
  library: string
  module: string
  wanted: string
  environment: string
}): Promise<{ readonly program: string } | { readonly missing: string }> {
  const python = process.env.PYTHON ?? 'python3'
  const has = (program: string): Promise<boolean> =>
    run(program, ['-c', `import ${module}`], { timeout: 60_000 }).then(
      () => true,
      () => false,
    )
  if (await has(python)) return { program: python }
  const own = `${environment}/bin/python`
  if (existsSync(own) && (await has(own))) return { program: own }
  try {
    await run(python, ['-m', 'venv', environment], { timeout: 120_000 })
    await run(own, ['-m', 'pip', 'install', '--quiet', wanted], { timeout: 180_000 })
    return { program: own }
  } catch (cause) {
    const fix = `Install Python 3 with venv and let pip reach PyPI, or name a Python that has ${library} (pip install ${wanted}) in PYTHON`
    return { missing: `${library} was not measured: ${firstLine(cause)}. ${fix}` }
  }
}

/** What went wrong, in one line. */
function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.split('\n')[0]
}
