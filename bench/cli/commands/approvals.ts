import { defineCommand, flag, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { print, printJson, say } from '../screen.ts'
import { SERVER } from '../server-client.ts'

const JSON_FLAG = flag('--json', 'print one JSON object')
const ID = [{ form: '<request>', about: 'its id, such as q-12' }]

const list = defineCommand({
  name: 'list',
  about: 'List what waits for a second person.',
  examples: [{ line: 'orrery approvals list --all', about: 'and what was agreed to, turned down, used or void' }],
  options: { all: flag('--all', 'those that wait for nobody too'), server: SERVER, json: JSON_FLAG },
  run: async ({ options: { all, server, json } }) => {
    const { listRequests } = await import('../approvals-ask.ts')
    const requests = await listRequests(server, all)
    if (json) printJson({ requests })
    else {
      const { requestLine } = await import('../registry-text.ts')
      for (const request of requests) print(requestLine(request))
      if (requests.length === 0) say('Nothing waits.')
    }
    return EXIT.ok
  },
})

const agree = defineCommand({
  name: 'agree',
  about: 'Show what somebody else asked for, and agree to exactly that.',
  args: ID,
  examples: [
    { line: 'orrery approvals agree q-12', about: 'shows it, with its digest' },
    { line: 'orrery approvals agree q-12 --digest 5f1c…', about: 'agrees to what was shown' },
  ],
  options: {
    digest: text('--digest <digest>', 'of what you were shown; without it it is only shown', null),
    server: SERVER,
    json: JSON_FLAG,
  },
  run: async ({ args, options: { digest, server, json } }) => {
    const { agreeTo, shownRequest } = await import('../approvals-ask.ts')
    const request = digest === null ? await shownRequest(server, args[0]) : await agreeTo(server, args[0], digest)
    if (json) printJson(request)
    else {
      const { requestLine } = await import('../registry-text.ts')
      print(requestLine(request))
      if (digest === null && request.state === 'open')
        say(`To agree to this: orrery approvals agree ${request.id} --digest ${request.digest}`)
    }
    return EXIT.ok
  },
})

const refuse = defineCommand({
  name: 'refuse',
  about: 'Turn down what somebody asked for, or take back what you asked for yourself.',
  args: ID,
  examples: [{ line: 'orrery approvals refuse q-12 --because "not before the sale"', about: 'kept in the book' }],
  options: { because: text('--because <words>', 'why', 'no reason given'), server: SERVER, json: JSON_FLAG },
  run: async ({ args, options: { because, server, json } }) => {
    const { turnDown } = await import('../approvals-ask.ts')
    const request = await turnDown(server, args[0], because)
    if (json) printJson(request)
    else print(`${request.id} ${request.state}`)
    return EXIT.ok
  },
})

export const command = defineCommand({
  name: 'approvals',
  about: 'What takes two people: look at it, agree to it, or turn it down.',
  examples: [{ line: 'orrery approvals list', about: 'what waits' }],
  options: {},
  inner: [list, agree, refuse],
  run: async () => EXIT.badInput,
})
