import { readFileSync } from 'node:fs'
import { defineCommand, flag, oneOf, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { print, printJson, say } from '../screen.ts'
import { SERVER } from '../server-client.ts'

const JSON_FLAG = flag('--json', 'print one JSON object')
const ID = [
  { form: '<id>', about: 'a version, such as routing/bid-price@4f2a91c0d3e7; its beginning will do where only one begins so' },
]
const ALIAS = { form: '<alias>', about: 'stable, candidate or forecast' }

const list = defineCommand({
  name: 'list',
  about: 'List versions, and which of them stable and candidate point at.',
  examples: [{ line: 'orrery registry list --kind routing', about: 'one a line' }],
  options: {
    kind: oneOf(
      '--kind <kind>',
      'only these',
      ['all', 'routing', 'forecast', 'replenishment', 'promise', 'rules', 'model', 'scenario'],
      'all',
    ),
    server: SERVER,
    json: JSON_FLAG,
  },
  run: async ({ options: { kind, server, json } }) => {
    const { listVersions } = await import('../registry-ask.ts')
    const found = await listVersions(server, kind === 'all' ? null : kind)
    if (json) printJson(found)
    else {
      const { versionLine } = await import('../registry-text.ts')
      for (const version of found.versions) print(versionLine(version, found.aliases))
      if (found.versions.length === 0) say('None yet: orrery registry register bid-price')
    }
    return EXIT.ok
  },
})

const show = defineCommand({
  name: 'show',
  about: 'Show what a version is made of, who registered it, and its way from certificate to decisions.',
  args: ID,
  examples: [{ line: 'orrery registry show routing/bid-price@4f2a91c0d3e7', about: 'as it was registered' }],
  options: { server: SERVER, json: JSON_FLAG },
  run: async ({ args, options: { server, json } }) => {
    const { followVersion, showVersion } = await import('../registry-ask.ts')
    const version = await showVersion(server, args[0])
    const found = await followVersion(server, version.id)
    if (json) printJson({ ...version, lineage: found })
    else {
      const { lineageText, versionText } = await import('../registry-text.ts')
      print(`${versionText(version)}\n\n${lineageText(found)}`)
    }
    return EXIT.ok
  },
})

const register = defineCommand({
  name: 'register',
  about: 'Keep what a policy, rule set or scenario is now, as a version that never changes.',
  args: [
    {
      form: '<words>',
      about: 'bid-price, bid-price:lateWeight=2, rules:regional-first, rules:my-rules.yaml, scenario:peak-sale+storm',
    },
  ],
  examples: [
    { line: 'orrery registry register bid-price', about: 'prints its id; the same thing again is the same version' },
    { line: 'orrery registry register bid-price --certificate result.json', about: 'with the experiment that recommends it' },
    {
      line: 'orrery registry register smoothed:alpha=0.3 --data orders.csv --training fit.json',
      about: 'a forecast that was fitted',
    },
  ],
  options: {
    certificate: text('--certificate <file>', 'result of the experiment that recommends it, or its digest', null),
    data: text('--data <file>', 'what a model was fitted on, or its SHA-256', null),
    training: text('--training <file>', 'how it was fitted, or its SHA-256', null),
    server: SERVER,
    json: JSON_FLAG,
  },
  run: async ({ args, options: { certificate, data, training, server, json } }) => {
    const { registerVersion } = await import('../registry-ask.ts')
    const recommends =
      certificate === null || /^[0-9a-f]{64}$/.test(certificate)
        ? certificate
        : (JSON.parse(readFileSync(certificate, 'utf8')) as object)
    const version = await registerVersion(server, args[0], { certificate: recommends, data, training })
    if (json) printJson(version)
    else print(version.id)
    return EXIT.ok
  },
})

const point = defineCommand({
  name: 'point',
  about: 'Point an alias at a version.',
  details: `The candidate is pointed at by whoever plans. Stable moves forward at the end of a rollout; without one, two people break the glass:
  orrery registry point stable ID --incident "what happened"     asks, and prints the id of the request
  orrery approvals agree q-12                                    somebody else agrees
  orrery registry point stable ID --under q-12                   within four hours
What forecasts takes two people as well: orrery registry point forecast ID --because "why", then --under q-13.`,
  args: [ALIAS, { form: '<id>', about: 'a version' }],
  examples: [
    { line: 'orrery registry point candidate routing/bid-price@4f2a91c0d3e7', about: 'signed, and in the book' },
    { line: 'orrery registry point stable routing/nearest@0c11… --under q-12', about: 'under what two people agreed to' },
  ],
  options: {
    under: text('--under <request>', 'the request somebody else agreed to', null),
    incident: text('--incident <words>', 'stable only: what happened, so that waiting would do more harm', null),
    because: text('--because <words>', 'with --incident, or for forecast: why this version helps', null),
    server: SERVER,
    json: JSON_FLAG,
  },
  run: async ({ args, options: { under, incident, because, server, json } }) => {
    const { pointAlias } = await import('../registry-ask.ts')
    const { moved, request } = await pointAlias(server, { alias: args[0], id: args[1], under, incident, because })
    if (json) printJson({ moved, request })
    else if (request !== null) {
      print(request.id)
      say(`It waits for somebody else: orrery approvals agree ${request.id}`)
    } else if (moved !== null) print(`${moved.name} ${moved.version} ${moved.seq}`)
    return EXIT.ok
  },
})

const rollback = defineCommand({
  name: 'rollback',
  about: 'Take an alias one step back, at once; one person may.',
  args: [ALIAS],
  examples: [{ line: 'orrery registry rollback stable', about: 'the version before decides from now on' }],
  options: { server: SERVER, json: JSON_FLAG },
  run: async ({ args, options: { server, json } }) => {
    const { takeBack } = await import('../registry-ask.ts')
    const alias = await takeBack(server, args[0])
    if (json) printJson(alias)
    else print(`${alias.name} ${alias.version} ${alias.seq}`)
    return EXIT.ok
  },
})

const lineage = defineCommand({
  name: 'lineage',
  about: 'Follow a version from the experiment that recommended it to the decisions it made.',
  args: ID,
  examples: [{ line: 'orrery registry lineage routing/bid-price@4f2a91c0d3e7', about: 'each step by its digest or entry' }],
  options: { server: SERVER, json: JSON_FLAG },
  run: async ({ args, options: { server, json } }) => {
    const { followVersion } = await import('../registry-ask.ts')
    const found = await followVersion(server, args[0])
    if (json) printJson(found)
    else {
      const { lineageText } = await import('../registry-text.ts')
      print(lineageText(found))
    }
    return EXIT.ok
  },
})

const key = defineCommand({
  name: 'key',
  about: 'Make a key that signs aliases, for ORRERY_SIGNING_KEY, and the public one others verify with.',
  examples: [{ line: 'orrery registry key', about: 'two lines; keep the first to yourself' }],
  options: { json: JSON_FLAG },
  run: async ({ options: { json } }) => {
    const { randomBytes } = await import('node:crypto')
    const { openSigner } = await import('../../../twin/registry/signing.ts')
    const made = process.env.ORRERY_SIGNING_KEY === undefined ? randomBytes(32).toString('base64') : null
    const { publicKey, keyId } = openSigner(made ?? process.env.ORRERY_SIGNING_KEY)
    if (json) printJson({ signingKey: made, publicKey, keyId })
    else {
      if (made !== null) print(`ORRERY_SIGNING_KEY=${made}`)
      print(`ORRERY_TRUSTED_KEYS=${publicKey}`)
    }
    return EXIT.ok
  },
})

export const command = defineCommand({
  name: 'registry',
  about: 'Versions of policies, rules and scenarios that never change, and the aliases that say who decides and who forecasts.',
  examples: [{ line: 'orrery registry list', about: 'what there is' }],
  options: {},
  inner: [list, show, register, point, rollback, lineage, key],
  run: async () => EXIT.badInput,
})
