import { anyNumber, countOf, id, record, Type, text } from '../schema/type.ts'

const digest = (description: string) =>
  Type.String({ pattern: '^sha256:[0-9a-f]{64}$', description, examples: [`sha256:${'0'.repeat(64)}`] })

const Policy = record(
  {
    id: text('Which policy, as `orrery list policies` has it.', 'routing/live-greedy'),
    params: Type.Record(Type.String(), Type.Number(), {
      description: 'Every knob of it, also those that are as shipped.',
      examples: [{ lateWeight: 2.4 }],
    }),
    digest: digest('SHA-256 of its source, with all of policies/ that it leans on; a source that reads otherwise is refused.'),
  },
  'A policy, its knobs, and what it was made of.',
)

const figure = (description: string) =>
  record(
    {
      low: anyNumber('Lower end of its 95 % interval.', 17.9),
      mean: anyNumber('Its mean over the replications.', 18.2),
      high: anyNumber('Upper end of its 95 % interval.', 18.5),
    },
    description,
  )

const Chosen = record(
  {
    network: text('The network it was chosen on, as --network was given it.', 'brazil'),
    networkDigest: digest('SHA-256 of that network as it was read.'),
    scenario: text('What happened there.', 'peak-sale'),
    seed: text('Where all luck came from.', '1'),
    replications: countOf('How often it was run.', 20),
    version: text('The version of Orrery that ran it.', '0.1.0'),
    figures: record(
      {
        onTimeShare: figure('Part of the orders that came by their promise, 0 to 1.'),
        costPerOrder: figure("Handling, freight and returns, in the network's currency."),
        co2PerOrder: figure('Kilograms CO2e.'),
      },
      'What it did then, over all measured orders.',
    ),
    knee: Type.Optional(Type.Boolean({ description: 'True where it was the knee of its front.', examples: [true] })),
  },
  'Where and how it was chosen, so that it can be seen again; left out where it was only written down.',
)

/** A file that `orrery pin` writes: a policy under a name, which stays what it was or says that it is not. */
export const PinSchema = record({
  format: Type.Literal('orrery-pin/1', { description: 'Which form this file has.', examples: ['orrery-pin/1'] }),
  name: id('Its name.', 'steady-and-clean'),
  about: text('What it is, in a sentence.', 'live-greedy with more weight on lateness.'),
  policies: record({ routing: Policy, forecast: Policy, replenishment: Policy, promise: Policy }, 'A policy for every decision.'),
  chosen: Type.Optional(Chosen),
})
