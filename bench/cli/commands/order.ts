import { defineCommand, flag, oneOf, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { print, printJson } from '../screen.ts'

const DETAILS = `The state is taken from the newest checkpoint of the log and what came after it; the twin may be running meanwhile. An
order of which several parcels went is told along the one that came last, or is least far.

Lateness is shared out to the ms: what is allowed for each wait is what past orders of the same service and zone usually took
for it, and what the promise left beyond all of them is its reserve. Times that are expected are quantiles of past orders that
had waited in the same state for as long; how many is told.

Roles see different fields: viewer, planner, approver, operator, integrator, customer. What is personal is opened for an operator, masked
for others and not there for a viewer; an integrator sees it while the parcel is with the carrier.`

export const command = defineCommand({
  name: 'order',
  about: 'Tell the whole life of an order from the log of the twin: what happened and why, what is to blame, what comes next.',
  details: DETAILS,
  args: [{ form: '<id>', about: 'id of the order' }],
  examples: [
    { line: 'orrery order A-1001', about: 'as it is known now' },
    { line: 'orrery order A-1001 --at 2026-11-11T20:00:00-03:00', about: 'as it stood then' },
    { line: 'orrery order A-1001 --role customer --json', about: 'what its customer may see, for a program' },
  ],
  options: {
    db: text('--db <log>', 'the log that `orrery serve` writes: a file, or postgres://…', 'out/twin/twin.db'),
    keys: text('--keys <file>', 'keys of what is personal', 'out/twin/keys.db'),
    at: text('--at <instant>', 'as it stood then, with an offset; without it as it was last told', null),
    role: oneOf(
      '--role <role>',
      'whose fields are shown',
      ['viewer', 'planner', 'approver', 'operator', 'integrator', 'customer'],
      'planner',
    ),
    json: flag('--json', 'print one JSON object instead of text'),
  },
  run: async ({ args, options }) => {
    const { askOrder } = await import('../order-question.ts')
    const dossier = await askOrder(args[0], options)
    const { asSeenBy } = await import('../../../twin/order/roles.ts')
    const seen = asSeenBy(options.role, dossier)
    if (options.json) printJson(seen)
    else {
      const { dossierText } = await import('../order-text.ts')
      print(dossierText(seen))
    }
    return EXIT.ok
  },
})
