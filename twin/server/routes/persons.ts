import type { Office } from '../../govern/office.ts'
import { underIn } from '../../registry/registry-wing.ts'
import { MAY } from '../access.ts'
import type { Server } from '../http.ts'
import { HttpProblem } from '../problem-json.ts'
import type { Twin } from '../twin.ts'

const KINDS = ['customer', 'order'] as const

/**
 * Erasing a person: the keys are dropped, the log stays as it was written, and who did it is in the log and in the book, where a pseudonym stands for
 * the person. It takes two: the first call makes the request, the second, with `orrery-approval`, erases.
 */
export async function personRoutes(app: Server, { twin, office }: { twin: Twin; office: Office | null }): Promise<void> {
  type Params = { Params: { kind: string; id: string } }
  const found = ({ kind, id }: Params['Params']) => {
    if (!KINDS.some((one) => one === kind))
      throw new HttpProblem(404, 'Persons are found by customer or by order: /v1/persons/customer/ID.')
    const person = `${kind}:${id}`
    const keys = twin.keys.keysOf(person)
    if (keys.length === 0) throw new HttpProblem(404, 'Nothing personal is kept under this id.')
    return { person, keys }
  }
  const kept = (): Office => {
    if (office === null) throw new HttpProblem(503, 'This server keeps no book of acts, so nobody can be erased here.')
    return office
  }

  // Whoever agrees to an erasure looks here which pseudonym is whose.
  app.get<Params>(
    '/v1/persons/:kind/:id',
    { config: { may: [...MAY.erase, ...MAY.approve], pace: 'heavy' } },
    async ({ params }) => {
      const { person, keys } = found(params)
      return { pseudonym: kept().pseudonyms.of('person', person), keys: keys.length }
    },
  )
  app.delete<Params>(
    '/v1/persons/:kind/:id',
    { config: { may: MAY.erase, pace: 'heavy' } },
    async ({ params, caller, headers }, reply) => {
      const { person, keys } = found(params)
      const { governance, pseudonyms } = kept()
      const pseudonym = pseudonyms.of('person', person)
      const ask = { act: 'delete' as const, subject: `person:${pseudonym}`, what: { person: pseudonym } }
      const under = underIn(headers)
      if (under === null) {
        const request = await governance.ask({ ...ask, because: 'a person is to be erased' }, caller)
        return reply.code(202).header('orrery-request', request.id).send({ request })
      }
      const body = { person: pseudonym, keys: keys.length }
      await governance.done(under, ask, caller, { about: `person:${pseudonym}`, type: 'person.erased', body })
      await twin.act({ act: 'erased', atMs: twin.now(), who: caller.name, person, keys })
      return { erased: person, keys: keys.length }
    },
  )
}
