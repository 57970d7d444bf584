import { defineCommand, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { pointOption } from '../pareto-options.ts'
import { say } from '../screen.ts'

const DETAILS = `A pin is a small YAML file: the four policies, every knob, the SHA-256 of each policy's source, and, where it was picked from a
front, the network, scenario, seed and figures it was picked by. \`pinned:FILE\` goes wherever a policy's name does. It is refused
where the source of a policy is no longer what was pinned, with what to do.`

export const command = defineCommand({
  name: 'pin',
  about: 'Give a policy and its knobs a name that stays what it was: from a name, or from a point of a front.',
  details: DETAILS,
  args: [{ form: '<name>', about: 'its name; the file is pins/NAME.yaml' }],
  examples: [
    { line: 'orrery pin steady --policy live-greedy:lateWeight=2.4', about: 'what you typed' },
    { line: 'orrery pin steady --from out/pareto.json --point knee', about: 'what `orrery pareto` found, with its figures' },
    { line: 'orrery run peak-sale --policies nearest,pinned:pins/steady.yaml', about: 'to run it' },
  ],
  options: {
    policy: text('--policy <policy>', 'as for `orrery run`', null),
    from: text('--from <file>', 'figures that `orrery pareto` wrote', null),
    point: pointOption('--point <number>', 'with --from: which point; or knee'),
    out: text('--out <file>', 'where it goes; without it pins/NAME.yaml', null),
  },
  run: async ({ args: [name], options: { policy, from, point, out } }) => {
    const { wrongOption } = await import('../../../scenarios/read/problem.ts')
    const { pinOf } = await import('../../../scenarios/pin/pin.ts')
    const { freePinFile, pinPoint, writePin } = await import('../pinning.ts')
    if ((policy === null) === (from === null))
      throw wrongOption(
        '--policy',
        policy === null ? 'nothing to pin' : '--from as well',
        'say one of them: --policy POLICY or --from FILE',
      )
    const file = freePinFile(name, out)
    if (policy !== null) {
      const { parseContestant } = await import('../../../scenarios/contestant.ts')
      writePin(await pinOf(name, await parseContestant(policy)), file)
    } else if (from !== null) {
      const { readDrawing } = await import('../../../scenarios/pareto/read-drawing.ts')
      await pinPoint(readDrawing(from), { name, point }, file)
    }
    say(`Pinned: ${file}   Next: orrery run --policies pinned:${file}`)
    return EXIT.ok
  },
})
