import { MAY } from '../access.ts'
import type { Server } from '../http.ts'
import { HttpProblem } from '../problem-json.ts'
import type { Twin } from '../twin.ts'

const KINDS = ['customer', 'order'] as const

/** Erasing a person: the keys are dropped, the log stays as it was written, and who did it is in the log. */
export async function personRoutes(app: Server, { twin }: { twin: Twin }): Promise<void> {
  app.delete<{ Params: { kind: string; id: string } }>(
    '/v1/persons/:kind/:id',
    { config: { may: MAY.erase, pace: 'heavy' } },
    async ({ params, caller }) => {
      const kind = KINDS.find((one) => one === params.kind)
      if (kind === undefined) throw new HttpProblem(404, 'Persons are found by customer or by order: /v1/persons/customer/ID.')
      const person = `${kind}:${params.id}`
      const keys = twin.keys.keysOf(person)
      if (keys.length === 0) throw new HttpProblem(404, 'Nothing personal is kept under this id.')
      await twin.act({ act: 'erased', atMs: twin.now(), who: caller.name, person, keys })
      return { erased: person, keys: keys.length }
    },
  )
}
