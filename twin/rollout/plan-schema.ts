import { aboveZero, countOf, id, part, record, type Static, Type, text } from '../../scenarios/schema/type.ts'
import { UNITS } from './assignment.ts'

/**
 * A plan of a rollout as a person writes it: YAML with days, hours and parts of 1, each named by its unit. `planOf` makes a `RolloutPlan` of it.
 */

/** As a string, or its type would be read off the pattern. */
const DIGEST: string = '^[0-9a-f]{64}$'
const optional = Type.Optional
const word = <const W extends string>(words: readonly W[], description: string) =>
  Type.Unsafe<W>(
    Type.Union(
      words.map((one) => Type.Literal(one)),
      { description },
    ),
  )

const METRIC = record(
  {
    id: id('late, cost, hours, … (twin/rollout/metrics.ts lists them), or the name of an outcome that is reported.', 'late'),
    role: word(
      ['objective', 'guardrail', 'diagnostic'],
      'objective: what it is made for; guardrail: must not become worse; diagnostic: only shown.',
    ),
    margin: optional(
      aboveZero(
        'Harm that would still be accepted, in the unit of the metric: a part of 1, cents, hours. Needed but for diagnostics.',
        0.005,
      ),
    ),
    horizonHours: optional(
      Type.Number({ minimum: 0, maximum: 2400, description: 'From the decision until the outcome is certain.', examples: [48] }),
    ),
    kind: optional(word(['share', 'mean', 'quantile'], 'For reported outcomes: 0 or 1, any number, or a quantile of it.')),
    more: optional(word(['worse', 'better'], 'For reported outcomes: whether more of it is worse or better.')),
    quantile: optional(
      Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description: 'Which quantile.', examples: [0.95] }),
    ),
    alarm: optional(
      word(
        ['stable', 'margin'],
        'What rolls it back: stable: it is shown to be worse than stable, which holds where nothing is said; margin: worse than its margin, for what may be paid with.',
      ),
    ),
    mustImprove: optional(Type.Boolean({ description: 'The objective must be better than stable, not only no worse.' })),
    missing: optional(
      word(
        ['worst-case', 'leave-out'],
        'What stands for outcomes that never came, beyond 1 %: the worst for the candidate, or nothing.',
      ),
    ),
    usual: optional(
      record(
        {
          mean: Type.Number({ description: 'Its mean under stable, in its own unit.', examples: [0.05] }),
          sd: optional(aboveZero('Standard deviation of one unit; not needed for a share.', 480)),
          r2: optional(part("Part of the variance that the twin's prediction takes away.", 0.3)),
          part: optional(part('Part of the units for which the two policies differ.', 0.1)),
        },
        'What it is like now: only for foretelling how long it takes.',
      ),
    ),
    foreseen: optional(
      record(
        {
          effect: Type.Number({ description: 'Harm the twin expects where the candidate decides for all.', examples: [-0.004] }),
          sd: aboveZero('How sure it is: a standard deviation.', 0.002),
          bias: Type.Number({ description: 'By how much shared capacity shifts a comparison of orders.', examples: [0.001] }),
          biasSd: Type.Number({ minimum: 0, description: 'How sure it is of that.', examples: [0.0005] }),
          doses: optional(
            Type.Array(
              record(
                {
                  share: Type.Number({
                    exclusiveMinimum: 0,
                    exclusiveMaximum: 1,
                    description: 'Part of the orders that the candidate decides for.',
                    examples: [0.05],
                  }),
                  everybody: Type.Number({ description: 'Harm to all orders, beside stable for all.', examples: [-0.0002] }),
                  seen: Type.Number({ description: 'Harm that a comparison of orders would show there.', examples: [-0.006] }),
                },
                'One share.',
              ),
              {
                maxItems: 20,
                description: 'Dose and response: what each share does to all orders. Only foretold and shown, never judged by.',
              },
            ),
          ),
        },
        'What the twin says beforehand (orrery canary virtual --yaml): it places bets by it and takes off what is only shared capacity.',
      ),
    ),
    range: optional(
      Type.Array(Type.Number(), {
        minItems: 2,
        maxItems: 2,
        description: 'Least and most it can be; without it nothing can be said of a mean of which more than 1 % is missing.',
        examples: [[0, 5000]],
      }),
    ),
    limit: optional(
      Type.Number({ description: "Beyond this mean of the candidate's own it is rolled back at once.", examples: [0.15] }),
    ),
  },
  'One thing it is judged by.',
)

const STEP = record(
  {
    share: Type.Number({
      exclusiveMinimum: 0,
      maximum: 0.5,
      description: 'Part of the units the candidate decides for.',
      examples: [0.05],
    }),
    hours: optional(Type.Number({ minimum: 0, maximum: 8760, description: 'At least so long.', examples: [24] })),
    matured: optional(countOf('At least so many units of the candidate with certain outcomes before it ends.', 100)),
    approval: optional(Type.Boolean({ description: 'Somebody must say yes before it begins.' })),
  },
  'One step of the ladder.',
)

export const PLAN_SCHEMA = record(
  {
    name: text('What the owner calls it.', 'bid-price for the south'),
    stable: optional(
      text(
        'Version that decides now, by registry id; left out: what the alias stable points at.',
        'routing/live-greedy@4f2a91c0d3e7',
      ),
    ),
    candidate: text('Version that is to be tried, by registry id.', 'routing/bid-price@91c0d3e74f2a'),
    unit: optional(
      word(
        UNITS,
        'What is given to one side or the other: each order, all orders of a customer, or a region for a block of time.',
      ),
    ),
    blockHours: optional(aboveZero('Length of a block of a switchback.', 2)),
    certificate: optional(
      Type.Union([Type.String({ pattern: DIGEST }), Type.Null()], {
        description: 'Digest of the experiment that recommends the candidate; null only in an incident.',
      }),
    ),
    shadow: optional(
      record(
        {
          hours: optional(
            Type.Number({
              minimum: 0,
              maximum: 8760,
              description: 'Both answers are logged and stable serves all, at least so long.',
              examples: [24],
            }),
          ),
          orders: optional(countOf('And for at least so many orders.', 500)),
          offPolicy: optional(
            word(
              ['gate', 'shown'],
              'What both answers say of themselves: gate: no first step while it shows harm beyond a margin, which is what holds where nothing is said; shown: only shown.',
            ),
          ),
        },
        'Before anybody is exposed.',
      ),
    ),
    steps: optional(Type.Array(STEP, { minItems: 1, maxItems: 12, description: 'The ladder, rising.' })),
    holdback: optional(
      record(
        {
          share: Type.Number({
            minimum: 0,
            maximum: 0.5,
            description: 'Part that stays with stable after promotion.',
            examples: [0.05],
          }),
          hours: optional(Type.Number({ minimum: 0, maximum: 8760, description: 'For so long.', examples: [168] })),
        },
        'The proof afterwards.',
      ),
    ),
    metrics: Type.Array(METRIC, { minItems: 1, maxItems: 20, description: 'What it is judged by.' }),
    graceHours: optional(
      Type.Number({ minimum: 0, maximum: 240, description: 'An order is late so long after its promise.', examples: [1] }),
    ),
    alpha: optional(
      record(
        {
          promote: optional(part('Chance of ever promoting something worse than a margin.', 0.05)),
          harm: optional(part('Chance of ever rolling back something equal, over all metrics.', 0.05)),
          ratio: optional(part('Chance of a false alarm that sides do not have their share.', 0.001)),
          missing: optional(part('Chance of a false alarm that outcomes are missing more on one side.', 0.01)),
        },
        'What may go wrong by chance.',
      ),
    ),
    ordersPerHour: aboveZero('Units per hour that are reckoned with.', 833),
    burnIn: optional(
      record(
        {
          units: countOf('Matured units of the candidate before anything but an exact test may act.', 100),
          events: countOf('And of the rarer outcome on each side.', 10),
        },
        'Before this, little is known.',
      ),
    ),
    lookMinutes: optional(aboveZero('How often the judge looks.', 60)),
    maxDays: optional(aboveZero('After so many days without a promotion it is rolled back.', 14)),
    budget: optional(
      record(
        {
          orders: countOf('Orders that may have been harmed, at the upper bound.', 1000),
          cents: countOf('Cents that it may have cost, at the upper bound.', 2_000_000),
        },
        'Harm that may be done in all.',
      ),
    ),
    signs: optional(
      word(
        ['act', 'hold', 'none'],
        'What no outcome is waited for: chances of being late that both answers give themselves, orders without a way, falls down the ladder. act: they hold, and roll back where outcomes lean the same way; hold: they only hold; none: they are not looked at. Without a word act, or none where the shadow only shows what answers foretell.',
      ),
    ),
    inPeaks: optional(word(['hold', 'continue'], 'While a sale or a storm is on: stand still, or go on.')),
    leaseSeconds: optional(aboveZero('Who has heard nothing for so long has stable decide.', 60)),
    irreversible: Type.Array(Type.String({ minLength: 1, maxLength: 400 }), {
      maxItems: 50,
      description: 'What cannot be taken back once decided, in words. An empty list says: nothing, and it was thought about.',
    }),
  },
  'Plan of a rollout',
)
export type WrittenPlan = Static<typeof PLAN_SCHEMA>
