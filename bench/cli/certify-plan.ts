import { wrongOption } from '../../scenarios/read/problem.ts'
import type { Certificate, JudgedBy } from '../../scenarios/select/certificate.ts'
import type { CertifyPlan } from '../../scenarios/select/certify.ts'
import { planOf } from './ask.ts'

type Asked = {
  readonly network: string
  readonly policies: readonly string[] | null
  readonly stable: string | null
  readonly stress: readonly string[] | null
  readonly by: JudgedBy
  readonly delta: string | null
  readonly alpha: number | null
  readonly onTimeMargin: number | null
  readonly costMargin: number | null
  readonly first: number
  readonly most: number
  readonly confirm: number
  readonly seed: string
  readonly workers: number | null
}

const ALPHA = 0.05
const ON_TIME_MARGIN = 0.005

/** What was typed as a question that can be certified; all that is wrong with it is told before the first run. */
export async function certifyPlanOf(args: readonly string[], options: Asked): Promise<CertifyPlan> {
  const { by, first, most, confirm } = options
  if (options.policies === null || (options.policies.length < 2 && options.stable === null))
    throw wrongOption('--policies', 'nobody to choose from', 'name two or more policies, parted by commas')
  if (most < first) throw wrongOption('--most', `${most}, below the ${first} of --first`, 'lower --first too, or allow more')
  const delta = deltaOf(options.delta, by)
  const money = options.costMargin ?? (by === 'onTimeShare' ? null : delta)
  if (money === null)
    throw wrongOption(
      '--cost-margin',
      'nothing',
      'say by how much an order may cost more, such as --cost-margin 0.3: --delta is a part of orders',
    )
  const scenarios = [args[0] ?? 'calm', ...(options.stress ?? [])]
  const plan = await planOf({
    ...options,
    scenarios,
    baseline: options.stable,
    replications: first,
    maxReplications: null,
    untilPrecision: null,
    replay: false,
    origins: 'free',
    check: false,
  })
  if (plan.contestants.length < 2) throw wrongOption('--policies', 'only stable itself', 'name a policy beside it')
  const margins = { onTimeShare: options.onTimeMargin ?? ON_TIME_MARGIN, money }
  const asked = { network: options.network, scenarios }
  return { plan, asked, by, delta, alpha: options.alpha ?? ALPHA, margins, first, most, confirm }
}

/** The question of a certificate, with network, scenarios and policies as they are now. */
export async function questionAgain({ question }: Certificate, workers: number | null): Promise<CertifyPlan> {
  const { network, scenario, stress, policies, stable, seed, first } = question
  const asked = { network: network.asked, scenarios: [scenario, ...stress].map((one) => one.asked) }
  const plan = await planOf({
    scenarios: asked.scenarios,
    network: asked.network,
    policies: policies.map(({ id }) => id),
    baseline: stable,
    replications: first,
    maxReplications: null,
    untilPrecision: null,
    seed,
    workers,
    replay: false,
    origins: 'free',
    check: false,
  })
  const { by, delta, alpha, margins, most, confirm } = question
  return { plan, asked, by, delta, alpha, margins, first, most, confirm }
}

/** "0.2" in money, "0.5%" or "0.005" as a part of orders. */
function deltaOf(text: string | null, by: JudgedBy): number {
  const isShare = by === 'onTimeShare'
  const example = isShare ? '0.5%' : '0.2'
  if (text === null)
    throw wrongOption(
      '--delta',
      'nothing',
      `say which difference is worth finding, such as --delta ${example}: no figures can say what matters to you`,
    )
  const match = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text.trim())
  const value = match === null || (match[2] === '%' && !isShare) ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1)
  if (!(value > 0 && (!isShare || value < 1)))
    throw wrongOption(
      '--delta',
      `\`${text}\``,
      isShare ? 'write a part of orders, such as 0.5%' : 'write money an order, such as 0.2',
    )
  return value
}
