import { writeMoment } from '../../event/moment.ts'
import { QUARANTINE_BOUND } from '../../ingest/intake.ts'
import { type LoggedRecord, linesOf, placeOfId, type QuarantineRecord } from '../../ingest/quarantine.ts'
import { type Caller, MAY } from '../access.ts'
import type { Server } from '../http.ts'
import { HttpProblem } from '../problem-json.ts'
import type { Twin } from '../twin.ts'
import { limitIn, textIn } from './reading.ts'

type Query = Readonly<Record<string, unknown>>

/** What could not be used: listed, shown, corrected and sent again. */
export async function quarantineRoutes(app: Server, { twin }: { twin: Twin }): Promise<void> {
  const writers = { config: { may: MAY.plan } }
  const house = { config: { may: MAY.house } }

  app.get<{ Querystring: Query }>('/v1/quarantine', house, async ({ query }) => {
    const state = textIn(query, 'state') ?? 'open'
    if (state !== 'open' && state !== 'all') throw new HttpProblem(400, 'state: write open or all.', { field: 'state' })
    const wanted = {
      open: state === 'open',
      source: textIn(query, 'source') ?? undefined,
      code: textIn(query, 'reason') ?? undefined,
      limit: limitIn(query, 100, 10_000),
    }
    return { counts: twin.quarantine.counted(), records: twin.quarantine.list(wanted).map(told) }
  })

  app.get<{ Params: { id: string } }>('/v1/quarantine/:id', house, async ({ params, caller }) => {
    const record = recordOf(twin, params.id)
    const text = await textOf(twin, record)
    return { ...told(record), text: text === null ? null : shownTo(caller, text) }
  })

  app.post<{ Params: { act: string }; Body: unknown }>('/v1/quarantine/:act', writers, async ({ params, body, caller }) => {
    const id = /^(.+):resubmit$/.exec(params.act)?.[1]
    if (id === undefined) throw new HttpProblem(404, 'What can be done with a record is POST /v1/quarantine/ID:resubmit.')
    const record = recordOf(twin, id)
    if (record.resubmittedAs !== null)
      throw new HttpProblem(409, 'It was sent again already.', { resubmittedAs: record.resubmittedAs })
    const text = body === undefined || body === null ? await textOf(twin, record) : JSON.stringify(body)
    if (text === null) throw new HttpProblem(410, 'Its text was erased; send what it should be as the body.')
    const receipt = await twin.accept(Buffer.from(text), `resubmitted:${record.id}`, 'json')
    const again = receipt.quarantined[0]
    await twin.act({
      act: 'resubmitted',
      atMs: twin.now(),
      who: caller.name,
      record: record.id,
      as: again === undefined ? 'accepted' : again.id,
    })
    if (again !== undefined)
      throw new HttpProblem(
        422,
        `${again.field}: found ${again.found}; ${again.fix}. It is kept in quarantine as ${again.id}.`,
        receipt,
      )
    return receipt
  })
}

function recordOf(twin: Twin, id: string): QuarantineRecord {
  const record = placeOfId(id) === null ? null : twin.quarantine.find(id)
  if (record === null) throw new HttpProblem(404, 'No record of this id; GET /v1/quarantine lists them.')
  return record
}

async function textOf(twin: Twin, record: QuarantineRecord): Promise<string | null> {
  const place = placeOfId(record.id)
  const entry = place === null ? null : await twin.log.get(place.entry)
  if (place === null || entry === null) return null
  const line = linesOf(entry)[place.line]
  return line === undefined ? null : twin.keys.open((JSON.parse(line) as LoggedRecord).sealed, QUARANTINE_BOUND)
}

/** What is personal is for those who need it; a text that cannot be read may hold it anywhere. */
function shownTo({ role }: Caller, text: string): string {
  if (role === 'operator') return text
  try {
    const event: unknown = JSON.parse(text)
    if (typeof event === 'object' && event !== null && !Array.isArray(event))
      return JSON.stringify({ ...event, ...('person' in event ? { person: '(masked)' } : {}) })
  } catch {
    // Told below, as everything else that is no event.
  }
  return '(shown to operators only)'
}

const told = ({ receivedMs, reason, ...rest }: QuarantineRecord) => ({ ...rest, received: writeMoment(receivedMs), ...reason })
