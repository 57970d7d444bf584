import { defineCommand, flag, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { print, printJson, say } from '../screen.ts'

const DETAILS = `Two rollouts from beginning to end, played by real programs on this machine: \`orrery serve\` on ports that are free, and \`orrery reality\` beside
it, which plays a small town and asks how each order is shipped. A better policy is certified, approved by two people and promoted on evidence; a
slightly worse one is found out and rolled back. In the middle of each the server is killed. All of it goes through the public API; every line
says what was done, so that you can do it yourself.`

const rollout = defineCommand({
  name: 'rollout',
  about: 'A better policy is promoted, a slightly worse one rolled back, with a kill -9 in the middle of each.',
  details: DETAILS,
  examples: [{ line: 'orrery demo rollout', about: 'in two or three minutes' }],
  options: {
    folder: text('--folder <path>', 'where everything lies; what an earlier demonstration left there is removed', 'out/demo'),
    speed: text('--speed <factor>', 'ms of the world for each of ours', 'x7200'),
    json: flag('--json', 'print one JSON object at the end'),
  },
  run: async ({ options }) => {
    const { tellRollouts } = await import('../../demo/tell-rollouts.ts')
    const { orInterrupted } = await import('../interrupt.ts')
    const startedMs = performance.now()
    return orInterrupted('Stopping: the world and the server end.', async (signal) => {
      const told = await tellRollouts({
        folder: options.folder,
        speed: options.speed,
        signal,
        tell: (words) => say(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${words}`),
      })
      if (options.json) printJson(told)
      else print(`${told.better.version} decides now; ${told.worse.version} was rolled back: ${told.worse.because}`)
    })
  },
})

export const command = defineCommand({
  name: 'demo',
  about: 'See how something goes, from beginning to end.',
  examples: [{ line: 'orrery demo rollout', about: 'two rollouts, one that succeeds and one that does not' }],
  options: {},
  inner: [rollout],
  run: async () => EXIT.ok,
})
