import { setTimeout } from 'node:timers/promises'
import { InputError, type Problem } from '../../scenarios/read/problem.ts'
import { readText } from '../../scenarios/read/text-file.ts'
import type { Verdict } from '../../twin/judge/evidence.ts'
import { replay } from '../../twin/judge/replay.ts'
import type { Version } from '../../twin/registry/version.ts'
import { lintPlan, placed } from '../../twin/rollout/lint.ts'
import type { RolloutVerb } from '../../twin/rollout/plan.ts'
import { type ReadPlan, readPlan } from '../../twin/rollout/read-plan.ts'
import { NEEDS_MATCH, type Said } from '../../twin/rollout/verbs.ts'
import type { RolloutPicture } from '../../twin/wire.ts'
import { endOf } from './rollout-text.ts'
import { askServer } from './server-client.ts'

const pathOf = (id: string, rest = ''): string => `/v1/rollouts/${encodeURIComponent(id)}${rest}`

/** A plan and all that is wrong with it; with a server also whether its versions are known there. */
export async function findingsOf(
  file: string,
  ask: { readonly server: string | null } | null,
): Promise<{ readonly read: ReadPlan; readonly findings: readonly { severity: 'error' | 'warning'; problem: Problem }[] }> {
  const read = readPlan(file)
  return { read, findings: placed(read, lintPlan(read.plan, ask === null ? null : await versionsOf(ask.server))) }
}

async function versionsOf(server: string | null) {
  const { value } = await askServer(server, 'GET', '/v1/versions')
  const { versions } = value as { versions: readonly Version[] }
  return { versions: () => versions, version: (id: string) => versions.find((version) => version.id === id) ?? null }
}

export async function submitPlan(file: string, server: string | null): Promise<RolloutPicture> {
  const { read, findings } = await findingsOf(file, null)
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new InputError(errors.map(({ problem }) => problem))
  const { value } = await askServer(server, 'POST', '/v1/rollouts', { body: read.written })
  return doVerb((value as RolloutPicture).id, 'submit', {}, server)
}

export async function pictureOf(id: string, server: string | null): Promise<RolloutPicture> {
  return (await askServer(server, 'GET', pathOf(id))).value as RolloutPicture
}

/**
 * Does what is wanted; what would be blind on an old picture only if nothing has changed since it was looked at. A yes is to what was looked at. To hold
 * and to go back nobody has to be up to date.
 */
export async function doVerb(id: string, verb: RolloutVerb, said: Said, server: string | null): Promise<RolloutPicture> {
  const seen = NEEDS_MATCH.includes(verb) ? await pictureOf(id, server) : null
  const of = verb === 'approve' ? { of: said.of ?? seen?.asks ?? undefined } : {}
  const match = seen === null ? {} : { ifMatch: seen.seq }
  const { value } = await askServer(server, 'POST', pathOf(id, `/${verb}`), { body: { ...said, ...of }, ...match })
  return value as RolloutPicture
}

/** Stays until nobody need wait any longer; what changed is shown. Returns the exit code of how it ended. */
export async function untilEnd(
  id: string,
  server: string | null,
  everyMs: number,
  show: (picture: RolloutPicture) => void,
): Promise<number> {
  let shown = -1
  for (;;) {
    const picture = await pictureOf(id, server)
    if (picture.seq !== shown) show(picture)
    shown = picture.seq
    const code = endOf(picture)
    if (code !== null) return code
    await setTimeout(everyMs)
  }
}

export async function fetchEvidence(id: string, digest: string | null, server: string | null): Promise<string> {
  const query = digest === null ? '' : `?digest=${encodeURIComponent(digest)}`
  return (await askServer(server, 'GET', pathOf(id, `/evidence${query}`))).text
}

/** The verdict of a bundle in a file. */
export function replayBundle(file: string): Verdict {
  const refuse = (found: string, fix: string, cause?: unknown): InputError =>
    new InputError([{ file, line: null, field: 'bundle', found, fix }], { cause })
  const fix = 'give a bundle as `orrery rollout evidence` writes it'
  const text = readText(file, (found, cause) => refuse(found, fix, cause))
  let bundle: unknown
  try {
    bundle = JSON.parse(text)
  } catch (cause) {
    throw refuse('text that is no JSON', fix, cause)
  }
  return replay(bundle, file)
}
