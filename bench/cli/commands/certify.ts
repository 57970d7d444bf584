import type { Certificate } from '../../../scenarios/select/certificate.ts'
import type { CertifyPlan } from '../../../scenarios/select/certify.ts'
import { count, defineCommand, flag, names, oneOf, portion, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { amount } from '../pareto-options.ts'
import { NETWORK, SEED, WORKERS } from '../run-options.ts'
import { print, say } from '../screen.ts'

const DETAILS = `The policies race under the same luck, one replication after the other, and whoever is shown not to be best drops out (Kim & Nelson 2001):
with probability 1 − alpha the best is chosen if it is better than the others by --delta or more. The choice is then run again under
fresh luck beside stable: it must be better again where it was chosen, and no worse in on-time share and money than the margins
allow where it was chosen and in every stress scenario. Each bound is one-sided at 95 %; since all must hold, none needs a
correction.

What is written is the question, the digests of network, scenarios and policies, the race, the fresh figures and what a rollout may
expect of the winner. There is nothing in it of this machine: --check asks the question again and wants the same bytes. Exit code
0: certified, or the same bytes; 1: not.`

export const command = defineCommand({
  name: 'certify',
  about:
    'Choose the best policy with a stated chance of being right, confirm it under fresh luck and stress, and write a certificate.',
  details: DETAILS,
  args: [{ form: '[scenario]', about: 'what it is chosen on; without it calm' }],
  examples: [
    {
      line: 'orrery certify calm --stress peak-sale,storm --policies nearest,cheapest,live-greedy --stable nearest --delta 0.2',
      about: 'by cost and lateness, differences from 0.20 an order on',
    },
    {
      line: 'orrery certify --policies nearest,live-greedy --stable nearest --by onTimeShare --delta 0.5% --cost-margin 0.3',
      about: 'by the on-time share',
    },
    { line: 'orrery certify --check out/certificate.json', about: 'the same question again, to the bit' },
  ],
  options: {
    network: NETWORK,
    policies: names('--policies <a,b,…>', 'who races, two or more; see `orrery list policies`'),
    stable: text('--stable <policy>', 'what runs now; without it nearest, or else the first', null),
    stress: names('--stress <a,b,…>', 'scenarios in which the winner must be no worse than stable'),
    by: oneOf(
      '--by <measure>',
      'what is best; total is cost and what late orders cost',
      ['total', 'costPerOrder', 'onTimeShare'],
      'total',
    ),
    delta: text(
      '--delta <amount>',
      'the smallest difference worth finding: money an order, or a part such as 0.5% of orders',
      null,
    ),
    alpha: portion('--alpha <part>', 'chance of choosing wrong; without it 5%'),
    onTimeMargin: portion('--on-time-margin <part>', 'loss of on-time share that would be accepted; without it 0.5%'),
    costMargin: amount('--cost-margin <money>', 'rise an order that would be accepted; without it --delta, where that is money'),
    first: count('--first <n>', 'replications of each before anybody can drop out', 20, { least: 5 }),
    most: count('--most <n>', 'replications after which the race is given up', 1_000, { least: 5 }),
    confirm: count('--confirm <n>', 'replications under fresh luck', 60, { least: 10 }),
    seed: SEED,
    workers: WORKERS,
    check: text('--check <file>', 'ask the question of this certificate again', null),
    json: text('--json <file>', 'the certificate; "-" for standard output', 'out/certificate.json'),
    quiet: flag('-q, --quiet', 'no progress and no tables'),
  },
  run: async ({ args, options }) => {
    const { certify, differencesOf } = await import('../../../scenarios/select/certify.ts')
    const { readCertificate } = await import('../../../scenarios/select/certificate.ts')
    const { certifyPlanOf, questionAgain } = await import('../certify-plan.ts')
    const { onInterrupt } = await import('../interrupt.ts')
    const { progressLine } = await import('../progress.ts')
    const { certificateText } = await import('../certificate-text.ts')
    const { checkDestination, writeDestination } = await import('../destination.ts')

    const written = options.check === null ? null : readCertificate(options.check)
    if (written === null && options.json !== '-') checkDestination(options.json, '--json')
    const asked: CertifyPlan =
      written === null ? await certifyPlanOf(args, options) : await questionAgain(written, options.workers)
    const interrupt = onInterrupt('Stopping; half a certificate would be none.')
    const line = progressLine()
    let certificate: Certificate
    try {
      const onProgress = options.quiet ? () => {} : line.show
      certificate = await certify(asked, { signal: interrupt.signal, onProgress })
    } catch (error) {
      if (!interrupt.signal.aborted) throw error
      say('Interrupted before it was decided; nothing is written.')
      return EXIT.interrupted
    } finally {
      line.end()
      interrupt.release()
    }

    if (written !== null) {
      const differences = differencesOf(written, certificate)
      for (const difference of differences) print(`✗ ${difference}`)
      if (differences.length === 0) print(`✓ the same to the bit: ${written.verdict}, ${written.digest}`)
      return differences.length === 0 ? EXIT.ok : EXIT.failed
    }
    const toStdout = options.json === '-'
    if (!options.quiet) (toStdout ? say : print)(certificateText(certificate))
    const content = `${JSON.stringify(certificate, null, 2)}\n`
    if (toStdout) print(content.trimEnd())
    else {
      writeDestination(options.json, content, '--json')
      say(`Certificate: ${options.json}   Next: orrery certify --check ${options.json}`)
    }
    return certificate.verdict === 'certified' ? EXIT.ok : EXIT.failed
  },
})
