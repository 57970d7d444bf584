import type { Standstill } from '../../../twin/order/standstill.ts'
import { defineCommand, flag, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { print, printJson } from '../screen.ts'

const DETAILS = `Asked of a running twin: which orders have still to pass there, by what past orders like them took; by how much each would be moved; how many more
would come late (an expected number) and how many promises go from likely kept to likely broken.`

export const command = defineCommand({
  name: 'impact',
  about: 'What would move if a hub were shut for some hours, or the vans of a zone were late.',
  details: DETAILS,
  args: [
    { form: '<at>', about: 'hub or vans' },
    { form: '<id>', about: 'id of the hub, or of the zone whose vans are late' },
  ],
  examples: [
    { line: 'orrery impact hub hub-recife --hours 12', about: 'the hub is shut for twelve hours from now on' },
    { line: 'orrery impact vans sp-sao-paulo --hours 3', about: 'its vans go out three hours late' },
  ],
  options: {
    url: text('--url <url>', 'the twin; without it ORRERY_SERVER, or port 8080 of this machine', null),
    hours: text('--hours <n>', 'for how long', '6'),
    json: flag('--json', 'print one JSON object'),
  },
  run: async ({ args, options }) => {
    const { wrongOption } = await import('../../../scenarios/read/problem.ts')
    const { didYouMean } = await import('../../../scenarios/read/suggest.ts')
    const { askServer } = await import('../server-client.ts')
    const [at, id] = args
    if (at !== 'hub' && at !== 'vans') throw wrongOption('<at>', `"${at}"`, didYouMean(at, ['hub', 'vans']))
    const query = `${at}=${encodeURIComponent(id)}&hours=${encodeURIComponent(options.hours)}`
    const { value } = await askServer(options.url, 'GET', `/v1/impact?${query}`)
    if (options.json) printJson(value)
    else await tell(value as Standstill & { readonly asOf: string })
    return EXIT.ok
  },
})

async function tell(found: Standstill & { readonly asOf: string }): Promise<void> {
  const { grouped } = await import('../progress.ts')
  const { span } = await import('../why-text.ts')
  const { trouble, ordersToPass, ordersMoved, movedMs, moreLate, promises, vans, orders, unknown } = found
  const what =
    trouble.at === 'hub'
      ? `${trouble.id} is shut for ${trouble.hours} h`
      : `The vans of ${trouble.id} go out ${trouble.hours} h late`
  print(
    `${what} from ${found.asOf} on: of ${grouped(ordersToPass)} orders that have still to pass there, ${grouped(ordersMoved)} are moved.`,
  )
  if (ordersMoved === 0) return
  print(
    `  by ${span(movedMs)} in the middle; some ${moreLate.toFixed(moreLate < 10 ? 1 : 0)} more come late, ${promises} of them so far likely in time`,
  )
  if (trouble.at === 'hub' && vans.length > 0) {
    const named = vans.slice(0, 6).map(({ zone, orders: count }) => `${zone} ${grouped(count)}`)
    print(
      `  behind it: vans of ${named.join(', ')}${vans.length > named.length ? ` and ${vans.length - named.length} more zones` : ''}`,
    )
  }
  if (unknown > 0) print(`  of ${grouped(unknown)} orders nothing can be said: no past one was like them`)
  const percent = (odds: number): string => `${Math.round(100 * odds)} %`
  for (const { order, state, movedMs: by, late } of orders.slice(0, 10))
    print(
      `  ${order}  ${state}, ${span(by)} later${late === null ? '' : `; late with ${percent(late[1])} instead of ${percent(late[0])}`}`,
    )
  if (ordersMoved > 10) print(`  … and ${grouped(ordersMoved - 10)} more`)
}
