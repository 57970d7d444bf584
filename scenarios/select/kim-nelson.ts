/**
 * Which of several simulated policies is best, with a stated chance of being right: the fully sequential procedure KN. Kim & Nelson, "A fully
 * sequential procedure for indifference-zone selection in simulation", ACM TOMACS 11 (2001), with c = 1. Larger is better throughout: whoever
 * wants the least hands in values with their sign turned.
 *
 * What it promises: where the best is better than every other by at least `delta`, it is chosen with probability `1 - alpha` or more; where others
 * come closer than that, what is chosen is within `delta` of the best with about the same probability.
 */
export type KimNelsonPlan = {
  /** Policies, ≥ 2. */
  readonly systems: number
  /** Replications of each before anything is judged, ≥ 2; variances are estimated from these only. */
  readonly first: number
  readonly alpha: number
  /** The smallest difference worth finding, > 0, in the unit of the values. */
  readonly delta: number
  /** All meet the same luck (common random numbers), so that pairs are dependent; otherwise each has its own. */
  readonly sharesLuck: boolean
}

/** η and h² = 2 η (n₀ − 1). With dependent values Bonferroni's α / (k − 1), else 1 − (1 − α)^(1 / (k − 1)). */
export function kimNelsonConstants(plan: Pick<KimNelsonPlan, 'systems' | 'first' | 'alpha' | 'sharesLuck'>): {
  readonly eta: number
  readonly h2: number
} {
  const { systems, first, alpha, sharesLuck } = plan
  const others = systems - 1
  const beta = sharesLuck ? alpha / others : 1 - (1 - alpha) ** (1 / others)
  const eta = 0.5 * ((2 * beta) ** (-2 / (first - 1)) - 1)
  return { eta, h2: 2 * eta * (first - 1) }
}

/** Who was dropped, after how many replications, and by whom. */
export type Dropped = { readonly system: number; readonly at: number; readonly by: number }

export type KimNelson = {
  readonly plan: KimNelsonPlan
  readonly eta: number
  readonly h2: number
  /** [i · systems + l]: h² S²_il / δ², the replication at which i and l are told apart by their means alone. */
  readonly reach: Float64Array
  readonly sums: Float64Array
  /** 1 while in the race. */
  readonly isIn: Uint8Array
  /** Replications that those in the race have. */
  replications: number
  readonly dropped: Dropped[]
}

/** N_il: after so many replications the mean alone decides between the two. */
export const lastLookOf = ({ reach, plan }: KimNelson, i: number, l: number): number => Math.floor(reach[i * plan.systems + l])

/** W_il(r): how far l may be ahead of i after r replications without i being out. */
export function slackOf({ reach, plan }: KimNelson, i: number, l: number, replications: number): number {
  return Math.max(0, (plan.delta / (2 * replications)) * (reach[i * plan.systems + l] - replications))
}

/** Begins with the first stage: `values[i]` are the first replications of i, `plan.first` of them; screens once. */
export function openKimNelson(plan: KimNelsonPlan, values: readonly ArrayLike<number>[]): KimNelson {
  const { systems, first, delta } = plan
  if (!(systems >= 2 && first >= 2 && delta > 0 && plan.alpha > 0 && plan.alpha < 1))
    throw new Error(`Kim-Nelson needs 2 or more systems, 2 or more first replications, delta above 0: ${JSON.stringify(plan)}`)
  const { eta, h2 } = kimNelsonConstants(plan)
  const reach = new Float64Array(systems * systems)
  const sums = new Float64Array(systems)
  for (let i = 0; i < systems; i++) {
    for (let r = 0; r < first; r++) sums[i] += values[i][r]
    for (let l = 0; l < i; l++) {
      reach[i * systems + l] = (h2 * varianceOfDifferences(values[i], values[l], first)) / delta ** 2
      reach[l * systems + i] = reach[i * systems + l]
    }
  }
  const race: KimNelson = {
    plan,
    eta,
    h2,
    reach,
    sums,
    isIn: new Uint8Array(systems).fill(1),
    replications: first,
    dropped: [],
  }
  screen(race)
  return race
}

/** One more replication of everybody in the race: `values[i]` is looked at only where i is in. Screens again. */
export function observe(race: KimNelson, values: ArrayLike<number>): void {
  if (isDecided(race)) throw new Error('the race is over: a replication that comes after its end must not change it')
  for (let i = 0; i < race.plan.systems; i++) if (race.isIn[i] === 1) race.sums[i] += values[i]
  race.replications++
  screen(race)
}

export const isDecided = ({ isIn }: Pick<KimNelson, 'isIn'>): boolean => countIn(isIn) === 1

export const stillIn = ({ isIn }: Pick<KimNelson, 'isIn'>): number[] => Array.from(isIn.keys()).filter((i) => isIn[i] === 1)

/**
 * Everybody is held against everybody who was in before this look (I_old), also against those who go out at the same look: to drop one after the
 * other would keep whom only a dropped one had beaten. Past all last looks only the best mean is left; of equal means the first.
 */
function screen(race: KimNelson): void {
  const { plan, sums, isIn, replications, dropped } = race
  const before = isIn.slice()
  const isOver = isPastAllLooks(race)
  for (let i = 0; i < plan.systems; i++) {
    if (before[i] === 0) continue
    let by = -1
    let worst = 0
    for (let l = 0; l < plan.systems; l++) {
      if (l === i || before[l] === 0) continue
      const ahead = (sums[l] - sums[i]) / replications - slackOf(race, i, l, replications)
      const isTie = isOver && ahead === 0 && l < i
      if (ahead > worst || (isTie && by < 0)) {
        by = l
        worst = Math.max(worst, ahead)
      }
    }
    if (by < 0) continue
    isIn[i] = 0
    dropped.push({ system: i, at: replications, by })
  }
}

function isPastAllLooks(race: KimNelson): boolean {
  const { isIn, replications, plan } = race
  for (let i = 0; i < plan.systems; i++)
    for (let l = 0; l < i; l++) if (isIn[i] === 1 && isIn[l] === 1 && replications <= lastLookOf(race, i, l)) return false
  return true
}

/** S²_il, with n − 1. */
function varianceOfDifferences(a: ArrayLike<number>, b: ArrayLike<number>, n: number): number {
  let mean = 0
  for (let r = 0; r < n; r++) mean += (a[r] - b[r]) / n
  let squares = 0
  for (let r = 0; r < n; r++) squares += (a[r] - b[r] - mean) ** 2
  return squares / (n - 1)
}

function countIn(isIn: Uint8Array): number {
  let count = 0
  for (const one of isIn) count += one
  return count
}
