import { type CompiledRules, PRICE_ROOM } from '../../policies/rules/compiled.ts'
import type { RuleSetSpec, RuleSpec } from '../../policies/rules/spec.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { colour } from './screen.ts'

/** A rule set as it is understood: each rule's own words, how many places they leave, and what each step is worth in a price. */
export function rulesText(spec: RuleSetSpec, compiled: CompiledRules, network: NetworkSpec): string {
  const bits = (value: number): string => Math.log2(value).toFixed(1)
  const rest = compiled.takesRest ? 'goes the cheapest way' : 'waits'
  return [
    colour.bold(spec.name),
    spec.about,
    '',
    ...spec.rules.flatMap((rule, r) => ruleLines(rule, r, compiled, network)),
    `What no rule takes, or every rule hands on, ${rest}.`,
    `A price: tier × 2^${bits(compiled.tierUnit)} + further shipments + bands; ${bits(compiled.priceEnd)} of ${bits(PRICE_ROOM)} bits are used.`,
  ].join('\n')
}

function ruleLines(rule: RuleSpec, r: number, compiled: CompiledRules, network: NetworkSpec): string[] {
  const { W, Z, S, sortFirst, sortBands, sortUnit, shipmentUnit } = compiled
  const ones = (column: Uint8Array, stride: number): number[] =>
    Array.from(column.subarray(r * stride, (r + 1) * stride)).flatMap((one, i) => (one === 1 ? [i] : []))
  const warehouses = ones(compiled.warehouses, W)
  const services = ones(compiled.services, S)
  const sorts = Array.from({ length: sortFirst[r + 1] - sortFirst[r] }, (_, i) => {
    const at = sortFirst[r] + i
    const by = rule.sort?.[i].by ?? 'cost'
    return `${by} in ${sortBands[at].toLocaleString('en-US')} bands, each worth ${sortUnit[at].toLocaleString('en-US')}`
  })
  const shipment = shipmentUnit[r] > 0 ? [`each shipment worth ${shipmentUnit[r].toLocaleString('en-US')}`] : []
  return [
    `${colour.bold(`${r + 1}. ${rule.name}`)}`,
    `   takes    ${said(rule.when) || 'every order'}; ${ones(compiled.zones, Z).length} of ${Z} zones`,
    `   nodes    ${said(rule.nodes) || 'all'}; ${warehouses.length} of ${W} warehouses, ${services.map((s) => network.services[s].id).join(', ')}`,
    `   sorts    ${[...shipment, ...sorts].join('; ')}`,
    ...(rule.allocation === undefined ? [] : [`   splits   ${said(rule.allocation)}`]),
    `   else     ${rule.otherwise ?? 'next'}`,
    ...(rule.after ?? []).map(({ transfer }) => `   after    proposes a transfer: ${said(transfer)}`),
    '',
  ]
}

/** Fields in their own words. */
function said(part: object | undefined): string {
  return Object.entries(part ?? {})
    .map(([field, value]) => `${field} ${value === true ? '' : written(value)}`.trim())
    .join(', ')
}

function written(value: unknown): string {
  if (Array.isArray(value)) return value.map(written).join(' or ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${written(inner)}`)
    .join(' ')
}
