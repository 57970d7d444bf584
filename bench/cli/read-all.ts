import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { examine, type Finding } from '../../scenarios/doctor.ts'
import type { LoadedNetwork } from '../../scenarios/plan.ts'
import { listNetworks, loadNetwork } from '../../scenarios/read/network.ts'
import { InputError } from '../../scenarios/read/problem.ts'
import { type LoadedScenario, loadScenario } from '../../scenarios/read/scenario.ts'

/** The bundled network that is taken where none is named. */
const DEFAULT_NETWORK = 'brazil'

/** Reads and examines all that is named, and goes on after a file that cannot be read, so that one round shows everything. */
export async function readAll(
  paths: readonly string[],
  network: string | null,
): Promise<{ findings: Finding[]; read: string[] }> {
  const findings: Finding[] = []
  const read: string[] = []
  const attempt = async <T>(name: string, load: () => T | Promise<T>): Promise<T[]> => {
    try {
      const value = await load()
      read.push(name)
      return [value]
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      findings.push(...error.problems.map((problem) => ({ severity: 'error' as const, problem })))
      return []
    }
  }

  const scenarios: LoadedScenario[] = []
  const networks: LoadedNetwork[] = []
  const named = paths.filter(isNetwork)
  for (const path of paths.filter((one) => !isNetwork(one))) scenarios.push(...(await attempt(path, () => loadScenario(path))))
  const wanted = network ?? (named.length === 0 ? DEFAULT_NETWORK : null)
  for (const name of wanted === null ? named : [wanted, ...named])
    networks.push(...(await attempt(name, () => loadNetwork(name))))

  // Scenarios happen to the network that was asked for, or else to each one that was named.
  networks.forEach((one, i) => {
    findings.push(...examine(one, wanted === null || i === 0 ? scenarios : []))
  })
  return { findings, read }
}

function isNetwork(path: string): boolean {
  if (existsSync(join(path, 'network.yaml'))) return true
  if (existsSync(path) && statSync(path).isDirectory()) return true
  return listNetworks().some(({ id }) => id === path)
}
