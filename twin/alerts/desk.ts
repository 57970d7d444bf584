import type { AlertWire } from '../wire.ts'
import type { AlertRule } from './rule.ts'

/** Something that a rule has found: about whom, and the numbers its words are filled with. */
export type Finding = {
  readonly rule: AlertRule
  /** Who it is about, unique within the rule: found again it is the same alert. */
  readonly subject: string
  readonly atMs: number
  readonly order: string | null
  readonly warehouse: string | null
  readonly fills: Readonly<Record<string, string | number>>
}

type Alert = { readonly wire: Omit<AlertWire, 'state' | 'times'>; state: AlertWire['state']; times: number }

/** So many alerts of one rule are open at a time; further ones are counted in `held`. A storm must not bury the rest. */
const OPEN_PER_RULE = 200

/**
 * Alerts that are open. What is found again while it is open is the same alert; what a look does not find any more is closed. Somebody may acknowledge an
 * alert: it stays until its reason is gone, but asks for nobody.
 */
export class AlertDesk {
  private readonly alerts = new Map<string, Alert>()
  private readonly listeners = new Set<(alert: AlertWire) => void>()
  /** Findings that found no room, by rule. */
  readonly held = new Map<string, number>()

  onChange(listener: (alert: AlertWire) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  open(): readonly AlertWire[] {
    return [...this.alerts.values()].map(wireOf)
  }

  /** All that a look at some rules has found; alerts of these rules that were not found are over. */
  found(rules: readonly AlertRule[], findings: readonly Finding[]): void {
    const ids = new Set(rules.map(({ id }) => id))
    const seen = new Set<string>()
    const count = new Map<string, number>()
    for (const { wire } of this.alerts.values()) count.set(wire.rule, (count.get(wire.rule) ?? 0) + 1)
    for (const id of ids) this.held.delete(id)
    for (const finding of findings) {
      const id = `${finding.rule.id}:${finding.subject}`
      seen.add(id)
      const known = this.alerts.get(id)
      if (known !== undefined) {
        known.times++
        continue
      }
      if ((count.get(finding.rule.id) ?? 0) >= OPEN_PER_RULE) {
        this.held.set(finding.rule.id, (this.held.get(finding.rule.id) ?? 0) + 1)
        continue
      }
      count.set(finding.rule.id, (count.get(finding.rule.id) ?? 0) + 1)
      const alert: Alert = { wire: wordsOf(finding, id), state: 'open', times: 1 }
      this.alerts.set(id, alert)
      this.tell(alert)
    }
    for (const [id, alert] of this.alerts) {
      if (!ids.has(alert.wire.rule) || seen.has(id)) continue
      alert.state = 'closed'
      this.alerts.delete(id)
      this.tell(alert)
    }
  }

  acknowledge(id: string): boolean {
    const alert = this.alerts.get(id)
    if (alert === undefined || alert.state !== 'open') return false
    alert.state = 'acknowledged'
    this.tell(alert)
    return true
  }

  private tell(alert: Alert): void {
    const wire = wireOf(alert)
    for (const listener of this.listeners) listener(wire)
  }
}

const wireOf = ({ wire, state, times }: Alert): AlertWire => ({ ...wire, state, times })

function wordsOf({ rule, atMs, order, warehouse, fills }: Finding, id: string): Omit<AlertWire, 'state' | 'times'> {
  const filled = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) =>
      String(fills[name] ?? (name === 'order' ? order : name === 'warehouse' ? warehouse : null) ?? '–'),
    )
  return {
    id,
    rule: rule.id,
    severity: rule.severity,
    atMs,
    says: { en: filled(rule.en), zh: filled(rule.zh) },
    does: { en: filled(rule.adviseEn), zh: filled(rule.adviseZh) },
    order,
    warehouse,
  }
}
