import type { ToldRequest } from '../../twin/govern/governance.ts'
import type { Lineage } from '../../twin/registry/lineage.ts'
import type { Alias, Version } from '../../twin/registry/version.ts'
import type { ShownVersion } from './registry-ask.ts'
import { colour } from './screen.ts'

/** Versions, their lineage, and what waits for a second person, in lines. */
const when = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

export function versionLine({ id, atMs, who, certificate }: Version, aliases: readonly Alias[]): string {
  const named = aliases.flatMap(({ name, version }) => (version === id ? [colour.green(name)] : []))
  return [
    id,
    when(atMs),
    who,
    certificate === null ? 'nobody recommends it' : `certificate ${certificate.slice(0, 12)}`,
    ...named,
  ].join('  ')
}

export function versionText({
  id,
  digest,
  source,
  params,
  data,
  training,
  certificate,
  atMs,
  who,
  aliases,
}: ShownVersion): string {
  const knobs = Object.entries(params).map(([knob, value]) => `${knob}=${value}`)
  const rows: readonly (readonly [string, string | null])[] = [
    ['digest', digest],
    ['source', source],
    ['params', knobs.length === 0 ? null : knobs.join(' ')],
    ['data', data],
    ['training', training],
    ['certificate', certificate],
    ['registered', `${when(atMs)} by ${who}`],
    ['aliases', aliases.length === 0 ? null : aliases.join(', ')],
  ]
  return [id, ...rows.map(([name, value]) => `  ${name.padEnd(12)} ${value ?? '–'}`)].join('\n')
}

export function lineageText({ version, certificate, rollouts, aliases, decisions }: Lineage): string {
  const lines = [
    certificate === null
      ? 'No experiment recommends it.'
      : `Experiment ${certificate.digest}${certificate.isKept ? '' : ' (its result is not kept here)'}`,
    `└ version ${version.id}  ${version.digest}  ${when(version.atMs)} by ${version.who}`,
  ]
  for (const { id, as, acts } of rollouts) {
    lines.push(`  └ rollout ${id}, as ${as}`)
    for (const { seq, atMs, who, type } of acts) lines.push(`      ${String(seq).padStart(5)}  ${when(atMs)}  ${type}  ${who}`)
  }
  for (const { seq, atMs, who, alias, back, under } of aliases)
    lines.push(
      `  └ ${alias}  ${String(seq)}  ${when(atMs)}  ${who}${back ? ', a step back' : ''}${under === null ? '' : `, under ${under}`}`,
    )
  if (decisions !== null) {
    const span =
      decisions.firstMs === null || decisions.lastMs === null ? '' : `, ${when(decisions.firstMs)} to ${when(decisions.lastMs)}`
    lines.push(
      `  └ ${decisions.decisions.toLocaleString('en-US')} decisions${span}${decisions.digest === null ? '' : `, ${decisions.digest}`}`,
    )
  }
  return lines.join('\n')
}

export function requestLine({
  id,
  act,
  subject,
  what,
  state,
  needs,
  who,
  expiresMs,
  because,
  digest,
  approvals,
}: ToldRequest): string {
  const agreed = approvals.length === 0 ? '' : `, agreed by ${approvals.map((one) => one.who).join(', ')}`
  const waits = state === 'open' ? `waits for ${needs}, void ${when(expiresMs)}` : state
  return `${id}  ${act} ${subject} ${JSON.stringify(what)}  ${who}: ${because}  ${waits}${agreed}  ${digest.slice(0, 12)}`
}
