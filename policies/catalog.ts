import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Params, type Policies, SEAMS, type Seam, type Seams } from '../sim/policy.ts'

/** The folder is the register: a file here is a policy, and its name is its name. */
export type PolicyCard = {
  /** "routing/nearest". */
  readonly id: string
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
  const loaded: { default?: unknown } = await import(file.href)
  return checked(seam, name, loaded.default)
}

/** The four policies of a contestant, by id. */
export async function loadPolicies(ids: { readonly [S in Seam]: string }): Promise<Policies> {
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
  const where = `policies/${seam}/${name}.ts`
  if (typeof body !== 'object' || body === null)
    throw new Error(`${where} has no default export; end it with: export default policy('${seam}', { … })`)
  const fields = body as Record<string, unknown>
  if (typeof fields.about !== 'string') throw new Error(`${where} lacks "about", one sentence that says what it does`)
  if (typeof fields.params !== 'object' || fields.params === null)
    throw new Error(`${where} lacks "params"; write params: {} where there are none`)
  if (typeof fields[ASKED[seam]] !== 'function')
    throw new Error(`${where} lacks the function "${ASKED[seam]}" that a ${seam} policy must have`)
  return body as Seams[S]
}

const fileOf = (seam: Seam, name: string): URL => new URL(`./${name}.ts`, folderOf(seam))

function splitId(id: string): [Seam, string] {
  const slash = id.indexOf('/')
  return [id.slice(0, slash) as Seam, id.slice(slash + 1)]
}
