import { defineCommand, flag } from '../command.ts'
import { EXIT } from '../failure.ts'
import { colour, print, printJson } from '../screen.ts'

type Entry = { readonly id: string; readonly about: string }

const json = flag('--json', 'print one JSON array instead of text')

export const command = defineCommand({
  name: 'list',
  about: 'List what there is to choose from: policies, scenarios, networks.',
  examples: [
    { line: 'orrery list policies', about: 'every policy in policies/, by what it decides' },
    { line: 'orrery list scenarios --json', about: 'for a program' },
  ],
  options: {},
  inner: [
    listing('policies', 'Policies, by what they decide.', async () => {
      const { listPolicies } = await import('../../../policies/catalog.ts')
      return listPolicies()
    }),
    listing('scenarios', 'Bundled scenarios.', async () => {
      const { listScenarios } = await import('../../../scenarios/read/scenario.ts')
      return listScenarios()
    }),
    listing('networks', 'Bundled networks.', async () => {
      const { listNetworks } = await import('../../../scenarios/read/network.ts')
      return listNetworks()
    }),
  ],
  run: async () => EXIT.ok,
})

function listing(name: string, about: string, load: () => Promise<readonly Entry[]>) {
  return defineCommand({
    name,
    about,
    examples: [{ line: `orrery list ${name}`, about: 'one a line' }],
    options: { json },
    run: async ({ options }) => {
      const entries = await load()
      if (options.json) printJson(entries)
      else for (const line of lines(entries)) print(line)
      return EXIT.ok
    },
  })
}

function lines(entries: readonly Entry[]): string[] {
  const width = Math.max(0, ...entries.map(({ id }) => id.length))
  return entries.map(({ id, about }) => `${colour.bold(id.padEnd(width))}  ${about}`)
}
