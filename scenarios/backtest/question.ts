import type { NetworkSpec } from '../../sim/network-spec.ts'
import { examine } from '../doctor.ts'
import type { FittedNetwork } from '../fit/fit.ts'
import { loadFitted } from '../fit/fit-file.ts'
import type { OrderHistory } from '../import/history.ts'
import { readHistory, type Source } from '../import/import.ts'
import { ledger } from '../import/ledger.ts'
import { InputError } from '../read/problem.ts'
import { type LoadedScenario, loadScenario } from '../read/scenario.ts'

export type Question = { readonly source: Source; readonly network: string | null; readonly scenario: string | null }

export type ReadQuestion = {
  readonly file: string
  readonly history: OrderHistory
  readonly scenario: LoadedScenario
  readonly fitted: FittedNetwork | undefined
}

const CALM: LoadedScenario = { id: 'as recorded', spec: { name: 'as recorded', about: 'Nothing but the orders.' }, parts: [] }

/** Reads the table, the scenario and the fitted network that a backtest or a forecast names. */
export async function readQuestion(
  { source, network, scenario }: Question,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (sentence: string) => void },
): Promise<ReadQuestion> {
  const file = source.kind === 'olist' ? source.dir : source.file
  const loaded = scenario === null ? CALM : loadScenario(scenario)
  const fitted = network === null ? undefined : await loadFitted(network)
  onProgress(`reading ${file}`)
  return { file, history: await readHistory(source, ledger(), signal), scenario: loaded, fitted }
}

/** Throws where the scenario names what the network has not, or happens when nobody looks. */
export function demandSound(spec: NetworkSpec, { id, spec: scenario, parts }: LoadedScenario, days: number): void {
  const findings = examine({ folder: 'fitted network', spec }, [
    { id, spec: { ...scenario, days }, parts: parts.map((part) => ({ ...part, spec: { ...part.spec, days } })) },
  ])
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new InputError(errors.map(({ problem }) => problem))
}
