import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Params, type Policies, SEAMS, type Seam, type Seams } from '../sim/policy.ts'

/** "routing/nearest". */
export type PolicyId = string

/** The folder is the register: a file here is a policy, and its name is its name. */
export type PolicyCard = {
  readonly id: PolicyId
  readonly seam: Seam
  readonly name: string
  readonly about: string
  readonly params: Params
  readonly file: string
}

const folderOf = (seam: Seam): URL => new URL(`./${seam}/`, import.meta.url)
const isPolicyFile = (file: string): boolean => file.endsWith('.ts') && !file.endsWith('.test.ts')

/** Names in the folders, without loading anything. */
export async function policyIds(): Promise<string[]> {
  const perSeam = await Promise.all(
    SEAMS.map(async (seam) => {
      const files = (await readdir(folderOf(seam))).filter(isPolicyFile).sort()
      return files.map((file) => `${seam}/${file.slice(0, -3)}`)
    }),
  )
  return perSeam.flat()
}

export async function listPolicies(): Promise<PolicyCard[]> {
  return Promise.all((await policyIds()).map(cardOf))
}

async function cardOf(id: string): Promise<PolicyCard> {
  const [seam, name] = splitId(id)
  const body = await loadPolicy(seam, name)
  return { id, seam, name, about: body.about, params: body.params, file: fileURLToPath(fileOf(seam, name)) }
}

export async function loadPolicy<S extends Seam>(seam: S, name: string): Promise<Seams[S]> {
  const file = fileOf(seam, name)
  let loaded: { default?: unknown }
  try {
    loaded = await import(file.href)
  } catch (cause) {
    throw new PolicyError(seam, name, unreadable(cause, file), { cause })
  }
  return checked(seam, name, loaded.default)
}

/** What is wrong with a policy's file, in the shape every other bad input has. */
export class PolicyError extends Error {
  readonly file: string
  readonly line: number | null
  readonly field: string
  readonly found: string
  readonly fix: string

  constructor(seam: Seam, name: string, { line = null, field = 'policy', found, fix }: Flaw, options?: ErrorOptions) {
    const file = `policies/${seam}/${name}.ts`
    super(`${file}${line === null ? '' : `:${line}`} ${field}: found ${found}; ${fix}`, options)
    this.file = file
    this.line = line
    this.field = field
    this.found = found
    this.fix = fix
  }
}

type Flaw = { readonly line?: number | null; readonly field?: string; readonly found: string; readonly fix: string }

/** Node puts the line of what it cannot read in front of the stack. */
function unreadable(cause: unknown, file: URL): Flaw {
  if (!(cause instanceof Error)) return { found: String(cause), fix: 'a policy throws nothing when it is loaded' }
  const at = cause.stack?.split(`${file.href}:`)[1]
  const line = at === undefined ? null : Number.parseInt(at, 10)
  const found = cause.message.replaceAll(fileURLToPath(new URL('../', import.meta.url)), '')
  return { line, found, fix: 'mend it, or take the file out of the folder; `npx tsc` shows more' }
}

/** The four policies of a contestant, by id. */
export async function loadPolicies(ids: { readonly [S in Seam]: PolicyId }): Promise<Policies> {
  const load = <S extends Seam>(seam: S) => loadPolicy(seam, splitId(ids[seam])[1])
  const [routing, forecast, replenishment, promise] = await Promise.all([
    load('routing'),
    load('forecast'),
    load('replenishment'),
    load('promise'),
  ])
  return { routing, forecast, replenishment, promise }
}

const ASKED: { readonly [S in Seam]: string } = {
  routing: 'price',
  forecast: 'predict',
  replenishment: 'order',
  promise: 'promise',
}

function checked<S extends Seam>(seam: S, name: string, body: unknown): Seams[S] {
  if (typeof body !== 'object' || body === null)
    throw new PolicyError(seam, name, {
      field: 'export default',
      found: 'none',
      fix: `end it with: export default policy('${seam}', { … })`,
    })
  const fields = body as Record<string, unknown>
  const lacks = (field: string, fix: string): PolicyError => new PolicyError(seam, name, { field, found: 'none', fix })
  if (typeof fields.about !== 'string') throw lacks('about', 'write one sentence that says what it does')
  if (typeof fields.params !== 'object' || fields.params === null) throw lacks('params', 'write params: {} where there are none')
  if (typeof fields[ASKED[seam]] !== 'function') throw lacks(ASKED[seam], `write the function that a ${seam} policy must have`)
  return body as Seams[S]
}

const fileOf = (seam: Seam, name: string): URL => new URL(`./${name}.ts`, folderOf(seam))

export const policyFile = (id: PolicyId): URL => fileOf(...splitId(id))

function splitId(id: string): [Seam, string] {
  const slash = id.indexOf('/')
  return [id.slice(0, slash) as Seam, id.slice(slash + 1)]
}
