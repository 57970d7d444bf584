import { readFileSync } from 'node:fs'
import { listPolicies } from '../../policies/catalog.ts'
import { SEAMS, type Seam } from '../../sim/policy.ts'
import type { ThreadCode } from '../bundle.ts'
import { networkDigest, policyDigest } from '../pin/digests.ts'
import type { Contestant, ExperimentPlan } from '../plan.ts'
import { isPolicyFile } from '../rules/with-rules.ts'
import { studentQuantile } from '../student.ts'
import {
  type AskedScenario,
  type Certificate,
  type CertifiedQuestion,
  type ConfirmedScenario,
  canonical,
  type Effect,
  JUDGED_BY,
  type MeasuredId,
  sealed,
  sha256,
} from './certificate.ts'
import { isDecided, type KimNelson, observe, openKimNelson, stillIn } from './kim-nelson.ts'
import { meanOf, pairedDifference } from './paired.ts'
import { codeOfRuns, digestOfRuns, openRuns, type Runs, type Sample, type Watching } from './runs.ts'

/** What to certify. The plan's first scenario is chosen on, the others are stress; its baseline is stable. */
export type CertifyPlan = {
  readonly plan: Pick<ExperimentPlan, 'network' | 'scenarios' | 'contestants' | 'baseline' | 'seed' | 'workers'>
  /** The network and the scenarios, in the plan's order, as they were typed: to be found again. */
  readonly asked: { readonly network: string; readonly scenarios: readonly string[] }
} & Pick<CertifiedQuestion, 'by' | 'delta' | 'alpha' | 'margins' | 'first' | 'most' | 'confirm'>

const VERSION: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
/** Of a measure, more is worse (1) or better (−1). */
const HARM: Readonly<Record<MeasuredId, 1 | -1>> = { total: 1, costPerOrder: 1, onTimeShare: -1 }
/** Each bound of a check; together they need no correction, since all must hold (intersection-union: Berger, Technometrics 24, 1982). */
const LEVEL = 0.05

/**
 * Races the policies on the first scenario until the best is found, then asks again under fresh luck: the winner of a race has had luck too
 * (winner's curse), so what is promised of it comes from runs it was not chosen by. On every stress scenario it must be shown no worse than stable.
 */
export async function certify(asked: CertifyPlan, watching: Watching): Promise<Certificate> {
  const { plan } = asked
  const question = await questionOf(asked)
  const meter = meterOf(asked, watching)
  const code = await codeOfRuns(plan.contestants)
  const race = await raced(asked, code, meter, watching.signal)
  const winner = race.winner === null ? null : plan.contestants[race.winner].id
  const head = { format: 'orrery-certificate/1', version: VERSION } as const
  const selection: Certificate['selection'] = { ...race.selection, winner }
  if (winner === null || winner === plan.baseline) {
    const because =
      winner === null
        ? `${asked.most} replications did not tell ${race.left.join(' and ')} apart by ${asked.delta}; allow more, or accept a larger difference`
        : `${winner}, which is stable already, is best with probability ${1 - asked.alpha}: there is nothing to roll out`
    return sealed({
      ...head,
      verdict: 'not certified',
      because: [because],
      question,
      selection,
      confirmation: null,
      predicted: null,
    })
  }
  const confirmation = await confirmed(asked, winner, code, meter, watching.signal)
  const failed = confirmation.scenarios.flatMap(({ id, checks }) =>
    checks
      .filter(({ holds }) => !holds)
      .map(
        ({ measure, says, upper, margin }) =>
          `${measure} in ${id} is not shown ${says}: its harm may be ${shown(upper)}, and must be below ${shown(margin)}`,
      ),
  )
  const held = confirmation.scenarios.map(({ id, checks }) => {
    const each = checks.map(
      ({ measure, says, upper, margin }) => `${measure} ${says} (harm below ${shown(upper)} < ${shown(margin)})`,
    )
    return `${id}: ${each.join(', ')}`
  })
  return sealed({
    ...head,
    verdict: failed.length === 0 ? 'certified' : 'not certified',
    because:
      failed.length > 0
        ? failed
        : [
            `${winner} is best of ${plan.contestants.length} with probability ${1 - asked.alpha} (difference ${asked.delta})`,
            ...held,
          ],
    question,
    selection,
    confirmation,
    predicted: confirmation.scenarios[0].effects,
  })
}

type Meter = {
  readonly onRun: (orders: number, events: number) => void
  readonly onNote: (text: string) => void
  expect(total: number): void
}

function meterOf({ plan, first, confirm }: CertifyPlan, { onProgress }: Watching): Meter {
  const startedMs = Date.now()
  const confirming = 2 * confirm * plan.scenarios.length
  let [done, orders, events, racing] = [0, 0, 0, plan.contestants.length * first]
  const tell = (note: string | null): void => {
    const total = Math.max(done, racing + confirming)
    const secondsLeft = done < 2 ? null : ((Date.now() - startedMs) / 1000 / done) * (total - done)
    onProgress({ done, total, orders, events, secondsLeft, note })
  }
  return {
    onRun: (more, moreEvents) => {
      done++
      orders += more
      events += moreEvents
      tell(null)
    },
    onNote: tell,
    expect: (runs) => {
      racing = runs
    },
  }
}

async function raced(asked: CertifyPlan, code: ThreadCode, meter: Meter, signal: AbortSignal) {
  const { plan, by, delta, alpha, first, most } = asked
  const runs = openRuns(plan, code, { signal, ...meter })
  try {
    const everybody = plan.contestants.map((_, i) => i)
    const goodness = (sample: Sample): number => -HARM[by] * sample[by]
    const rows = await runs.sample(0, everybody, 0, first)
    const begun = everybody.map((i) => rows.map((row) => goodness(row[i])))
    const race = openKimNelson({ systems: everybody.length, first, alpha, delta, sharesLuck: true }, begun)
    const used: Sample[][] = [...rows]
    const values = new Float64Array(everybody.length)
    while (!isDecided(race) && race.replications < most) {
      const left = stillIn(race)
      const ahead = Math.min(most - race.replications, Math.max(1, Math.ceil((2 * plan.workers) / left.length)))
      meter.expect(used.reduce((sum, row) => sum + row.length, 0) + left.length * untilLast(race, left))
      // Some are run ahead so that no thread waits; those that come after the end are not looked at.
      for (const row of await runs.sample(0, left, race.replications, race.replications + ahead)) {
        if (isDecided(race)) break
        const here = stillIn(race)
        left.forEach((i, place) => {
          values[i] = goodness(row[place])
        })
        used.push(here.map((i) => row[left.indexOf(i)]))
        observe(race, values)
      }
    }
    meter.expect(used.reduce((sum, row) => sum + row.length, 0))
    const nameOf = (i: number): string => plan.contestants[i].id
    const outAt = new Map(race.dropped.map(({ system, at }) => [system, at]))
    return {
      winner: isDecided(race) ? stillIn(race)[0] : null,
      left: stillIn(race).map(nameOf),
      selection: {
        procedure: 'Kim-Nelson 2001, common random numbers',
        correct: 1 - alpha,
        eta: race.eta,
        h2: race.h2,
        replications: race.replications,
        runs: used.reduce((sum, row) => sum + row.length, 0),
        dropped: race.dropped.map(({ system, at, by: whom }) => ({ policy: nameOf(system), at, by: nameOf(whom) })),
        means: everybody.map((i) => {
          const replications = outAt.get(i) ?? race.replications
          return { policy: nameOf(i), replications, mean: (-HARM[by] * race.sums[i]) / replications }
        }),
        runsDigest: digestOfRuns(used),
      } as const,
    }
  } finally {
    await runs.close()
  }
}

/** Replications until the slowest pair of those left is told apart. */
function untilLast({ reach, plan, replications }: KimNelson, left: readonly number[]): number {
  const last = Math.max(...left.flatMap((i) => left.map((l) => reach[i * plan.systems + l])))
  return Math.max(1, Math.min(1_000_000, Math.ceil(last) - replications))
}

async function confirmed(asked: CertifyPlan, winner: string, code: ThreadCode, meter: Meter, signal: AbortSignal) {
  const { plan, confirm } = asked
  const seed = `${plan.seed} confirmed`
  const contestants = [winner, plan.baseline].flatMap((id) => plan.contestants.filter((one) => one.id === id))
  const runs = openRuns({ ...plan, contestants, seed }, code, { signal, ...meter })
  try {
    const rows = await sampled(runs, plan.scenarios.length, confirm)
    const scenarios = plan.scenarios.map(({ id }, s) => held(asked, id, s === 0 ? 'chosen on' : 'stress', rows[s]))
    return { seed, replications: confirm, scenarios, runsDigest: digestOfRuns(rows.flat()) }
  } finally {
    await runs.close()
  }
}

async function sampled(runs: Runs, scenarios: number, replications: number): Promise<Sample[][][]> {
  return Promise.all(Array.from({ length: scenarios }, (_, s) => runs.sample(s, [0, 1], 0, replications)))
}

/** What fresh runs say of winner and stable in one scenario. */
function held(
  { by, margins }: CertifyPlan,
  id: string,
  role: ConfirmedScenario['role'],
  rows: readonly Sample[][],
): ConfirmedScenario {
  const column = (who: number, measure: MeasuredId): number[] => rows.map((row) => row[who][measure])
  const each = <T>(make: (measure: MeasuredId) => T): Record<MeasuredId, T> =>
    Object.fromEntries(JUDGED_BY.map((measure) => [measure, make(measure)])) as Record<MeasuredId, T>
  const effects = each((measure): Effect => {
    const { mean, se, low, high } = pairedDifference(column(0, measure), column(1, measure))
    return { mean, se, low, high }
  })
  const bound = (measure: MeasuredId): { harm: number; upper: number } => {
    const harm = HARM[measure] * effects[measure].mean
    return { harm, upper: harm - studentQuantile(LEVEL, rows.length - 1) * effects[measure].se }
  }
  const money = by === 'total' ? 'total' : 'costPerOrder'
  const guards = [
    { measure: 'onTimeShare', says: 'no worse', margin: margins.onTimeShare },
    { measure: money, says: 'no worse', margin: margins.money },
  ] as const
  // Where it was chosen, it must be better again in what it was chosen by; that is more than to be no worse in it.
  const wanted =
    role === 'stress'
      ? guards
      : ([...guards.filter(({ measure }) => measure !== by), { measure: by, says: 'better', margin: 0 }] as const)
  const checks = wanted.map((check) => {
    const { harm, upper } = bound(check.measure)
    return { ...check, harm, upper, holds: upper < check.margin }
  })
  return { id, role, stable: each((measure) => meanOf(column(1, measure))), effects, checks }
}

async function questionOf(asked: CertifyPlan): Promise<CertifiedQuestion> {
  const { plan, by, delta, alpha, margins, first, most, confirm } = asked
  const { spec } = plan.network
  const scenarios = plan.scenarios.map(
    (one, s): AskedScenario => ({ asked: asked.asked.scenarios[s], id: one.id, digest: sha256(canonical(one.spec)) }),
  )
  return {
    network: { asked: asked.asked.network, name: spec.name, currency: spec.currency, digest: networkDigest(spec) },
    scenario: scenarios[0],
    stress: scenarios.slice(1),
    policies: await Promise.all(plan.contestants.map(partsOf)),
    stable: plan.baseline,
    by,
    delta,
    alpha,
    margins,
    first,
    most,
    confirm,
    seed: plan.seed,
  }
}

/** A policy with every knob and the digest of every source. */
async function partsOf({ id, policies, params, rules }: Contestant): Promise<CertifiedQuestion['policies'][number]> {
  const cards = new Map((await listPolicies()).map((card) => [card.id, card]))
  const part = (seam: Seam) => ({
    id: policies[seam],
    params: { ...cards.get(policies[seam])?.params, ...params?.[seam] },
    digest: isPolicyFile(policies[seam]) ? policyDigest(policies[seam]) : sha256(JSON.stringify(rules)),
  })
  const parts = Object.fromEntries(SEAMS.map((seam) => [seam, part(seam)])) as Record<Seam, ReturnType<typeof part>>
  return { id, digest: sha256(canonical(parts)), parts }
}

const shown = (value: number): string => String(Number(value.toPrecision(4)))

/** What a certificate says against what the same question is answered now; empty where every byte is the same. */
export function differencesOf(written: Certificate, now: Certificate): string[] {
  if (canonical(written) === canonical(now)) return []
  const found: string[] = []
  const differ = (what: string, then: unknown, today: unknown, why: string): void => {
    if (canonical(then) !== canonical(today)) found.push(`${what}: ${why}`)
  }
  differ('network', written.question.network, now.question.network, 'its files are not what they were')
  const scenarios = ({ question }: Certificate): readonly AskedScenario[] => [question.scenario, ...question.stress]
  scenarios(written).forEach((one, s) => {
    differ(`scenario ${one.id}`, one, scenarios(now)[s], 'it is not what it was')
  })
  written.question.policies.forEach((one, p) => {
    differ(`policy ${one.id}`, one, now.question.policies[p], 'its source or a knob is not what it was')
  })
  differ('selection', written.selection, now.selection, 'the race went otherwise')
  differ('confirmation', written.confirmation, now.confirmation, 'fresh runs had other figures')
  if (found.length === 0) found.push(`version: ${written.version} then, ${now.version} now, or what it says of its figures`)
  return found
}
