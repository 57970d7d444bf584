import type { AlertWire } from '../../twin/wire.ts'
import { element, fill } from './element.ts'
import type { Said } from './said.ts'

const WEIGHT = { critical: 0, warning: 1, notice: 2 } as const
const SHOWN = 50

/** What needs somebody, the worst first; each with what to do about it. */
export class AlertList {
  readonly root = element('div', { class: 'alerts' })
  private readonly alerts = new Map<string, AlertWire>()
  private readonly said: Said
  private readonly does: {
    readonly order: (id: string) => void
    readonly site: (id: string) => void
    readonly acknowledge: (id: string) => void
  }

  constructor(said: Said, does: AlertList['does']) {
    this.said = said
    this.does = does
    this.draw()
  }

  get open(): number {
    return [...this.alerts.values()].filter(({ state }) => state === 'open').length
  }

  take(alerts: readonly AlertWire[]): void {
    for (const alert of alerts) {
      if (alert.state === 'closed') this.alerts.delete(alert.id)
      else this.alerts.set(alert.id, alert)
    }
    this.draw()
  }

  private draw(): void {
    const { words, format, language } = this.said
    const all = [...this.alerts.values()].sort(
      (a, b) =>
        Number(a.state !== 'open') - Number(b.state !== 'open') || WEIGHT[a.severity] - WEIGHT[b.severity] || b.atMs - a.atMs,
    )
    if (all.length === 0) {
      fill(this.root, element('p', { class: 'empty' }, words('noAlerts')))
      return
    }
    fill(
      this.root,
      element(
        'ul',
        {},
        all
          .slice(0, SHOWN)
          .map((alert) =>
            element(
              'li',
              { class: `alert is-${alert.severity}`, 'data-state': alert.state },
              element(
                'p',
                { class: 'line' },
                element('b', { class: 'severity' }, words(alert.severity)),
                element('time', {}, format.moment(alert.atMs)),
              ),
              element('p', {}, alert.says[language]),
              element('p', { class: 'advice' }, alert.does[language]),
              element(
                'p',
                { class: 'line' },
                alert.order === null ? null : link(alert.order, `order-${alert.id}`, () => this.does.order(alert.order ?? '')),
                alert.warehouse === null
                  ? null
                  : link(alert.warehouse, `site-${alert.id}`, () => this.does.site(alert.warehouse ?? '')),
                alert.times > 1 ? element('span', { class: 'soft' }, words('times', alert.times)) : null,
                alert.state === 'open'
                  ? link(words('acknowledge'), `ack-${alert.id}`, () => this.does.acknowledge(alert.id))
                  : element('span', { class: 'soft' }, words('acknowledged')),
              ),
            ),
          ),
      ),
    )
  }
}

export function link(text: string, key: string, act: () => void): HTMLButtonElement {
  return element('button', { type: 'button', class: 'link', 'data-key': key, onclick: act }, text)
}
