import { basename, extname } from 'node:path'
import { InputError } from '../../scenarios/read/problem.ts'
import { readText } from '../../scenarios/read/text-file.ts'
import { digestOfBytes } from '../../twin/govern/canonical.ts'
import type { ToldRequest } from '../../twin/govern/governance.ts'
import type { Lineage } from '../../twin/registry/lineage.ts'
import type { Alias, Version } from '../../twin/registry/version.ts'
import { askServer } from './server-client.ts'

/** The registry of a running server, asked over its API: only there can it be told who asks. */
export type ListedVersions = { readonly versions: readonly Version[]; readonly aliases: readonly Alias[] }
export type ShownVersion = Version & { readonly aliases: readonly string[] }

export async function listVersions(server: string | null, kind: string | null): Promise<ListedVersions> {
  return (await askServer(server, 'GET', `/v1/versions${kind === null ? '' : `?kind=${kind}`}`)).value as ListedVersions
}

export async function showVersion(server: string | null, id: string): Promise<ShownVersion> {
  return (await askServer(server, 'GET', pathOf(await wholeId(server, id)))).value as ShownVersion
}

export async function followVersion(server: string | null, id: string): Promise<Lineage> {
  return (await askServer(server, 'GET', `${pathOf(await wholeId(server, id))}/lineage`)).value as Lineage
}

/** `data` and `training`: digests of what a model was fitted on and how, or files whose digests they are. */
export type Provenance = {
  readonly certificate: string | object | null
  readonly data: string | null
  readonly training: string | null
}

export async function registerVersion(server: string | null, words: string, from: Provenance): Promise<Version> {
  const { certificate, data, training } = from
  // A server reads no files of whoever asks it: what lies in one here is sent.
  const file = /^(?:rules|scenario):(.+\.ya?ml)$/.exec(words)?.[1]
  const body = {
    ...(file === undefined
      ? { words }
      : { words: `${words.split(':')[0]}:${basename(file, extname(file))}`, text: textOf(file) }),
    ...(certificate === null ? {} : { certificate }),
    ...(data === null ? {} : { data: digestOf(data) }),
    ...(training === null ? {} : { training: digestOf(training) }),
  }
  return (await askServer(server, 'POST', '/v1/versions', { body })).value as Version
}

export async function pointAlias(
  server: string | null,
  asked: {
    readonly alias: string
    readonly id: string
    readonly under: string | null
    readonly incident: string | null
    readonly because: string | null
  },
): Promise<{ readonly moved: Alias | null; readonly request: ToldRequest | null }> {
  const { alias, under, incident, because } = asked
  const version = await wholeId(server, asked.id)
  const subject = `alias:${alias}`
  const promotes = alias === 'forecast' && because !== null && under === null
  if (incident !== null || promotes) {
    const body =
      incident === null
        ? { act: 'promote', subject, what: { version }, because }
        : { act: 'break-glass', subject, what: { version }, because: because ?? incident, incident }
    return { moved: null, request: (await askServer(server, 'POST', '/v1/requests', { body })).value as ToldRequest }
  }
  const answer = (
    await askServer(server, 'POST', `/v1/aliases/${encodeURIComponent(alias)}`, { body: { version }, approval: under })
  ).value as Alias | { readonly held: ToldRequest }
  return 'held' in answer ? { moved: null, request: answer.held } : { moved: answer, request: null }
}

export async function takeBack(server: string | null, alias: string): Promise<Alias> {
  return (await askServer(server, 'POST', `/v1/aliases/${encodeURIComponent(alias)}/back`, { body: {} })).value as Alias
}

const digestOf = (said: string): string => (/^[0-9a-f]{64}$/.test(said) ? said : digestOfBytes(textOf(said)))

const textOf = (file: string): string =>
  readText(
    file,
    (found, cause) =>
      new InputError([{ file, line: null, field: 'file', found, fix: 'name a file that can be read' }], { cause }),
  )

const pathOf = (id: string): string => `/v1/versions/${encodeURIComponent(id)}`

/** An id by its beginning, or the version an alias points at, where only one is meant. */
async function wholeId(server: string | null, words: string): Promise<string> {
  const { versions, aliases } = await listVersions(server, null)
  const alias = aliases.find(({ name }) => name === words)
  if (alias !== undefined) return alias.version
  const fitting = versions.filter(({ id, digest }) => id.startsWith(words) || digest.startsWith(words))
  const exact = fitting.find(({ id }) => id === words)
  if (exact !== undefined || fitting.length === 1) return (exact ?? fitting[0]).id
  const found = fitting.length === 0 ? 'no version that begins so' : `${fitting.length} versions that begin so`
  const fix = fitting.length === 0 ? '`orrery registry list` shows those there are' : fitting.map(({ id }) => id).join(' or ')
  throw new InputError([{ file: 'registry', line: null, field: `"${words}"`, found, fix }])
}
