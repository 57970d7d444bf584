import type { CompiledRules } from '../../policies/rules/compiled.ts'
import { InputError } from '../../scenarios/read/problem.ts'
import type { Seam, Seams } from '../../sim/policy.ts'
import { isSeam, readRules } from './content.ts'
import type { Version } from './version.ts'

/**
 * A version as plain data that crosses a thread, made to be run there: the text of its module, or its rules.
 */
export type Runnable = Pick<Version, 'id' | 'kind' | 'digest' | 'params'> & { readonly text: string }

/** The policy of a version, from the text that was kept when it was registered; the file in the repository may have changed since, or be gone. */
export async function policyOf<S extends Seam>(seam: S, { id, kind, text, params }: Runnable): Promise<Seams[S]> {
  if (kind !== seam || !isSeam(kind)) throw unfit(id, `a version of the kind ${kind}`, `name one of ${seam}/…`)
  // Read from its own text: nothing on the disk is asked.
  const address = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`
  const { default: body } = (await import(/* @vite-ignore */ address)) as { default: Seams[S] }
  return { ...body, params: { ...body.params, ...params } }
}

/** The rule set of a version, as it was compiled when it was registered. */
export function rulesOf({ id, kind, text }: Runnable): CompiledRules {
  if (kind !== 'rules') throw unfit(id, `a version of the kind ${kind}`, 'name one of rules/…')
  return readRules(text)
}

const unfit = (id: string, found: string, fix: string): InputError =>
  new InputError([{ file: 'registry', line: null, field: id, found, fix }])
