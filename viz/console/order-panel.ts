import type { OrderWire } from '../../twin/wire.ts'
import { link } from './alert-list.ts'
import { ask } from './ask.ts'
import { type Child, element, fill } from './element.ts'
import type { Said } from './said.ts'

/** An order's whole life: where its time went, what is to blame, what comes next, and every event with its five elements. */
export class OrderPanel {
  readonly root = element('div', { class: 'order' })
  private asked = ''
  private readonly said: Said
  private readonly onSite: (id: string) => void

  constructor(said: Said, onSite: (id: string) => void) {
    this.said = said
    this.onSite = onSite
    fill(this.root, element('p', { class: 'empty' }, said.words('search')))
  }

  async show(id: string): Promise<void> {
    const { words } = this.said
    this.asked = id
    fill(this.root, element('p', { class: 'soft' }, words('loading')))
    try {
      const order = await ask.order(id)
      if (this.asked !== id) return
      if (order === null) fill(this.root, element('p', { class: 'empty', role: 'alert' }, words('noOrder', id)))
      else fill(this.root, this.whole(order))
    } catch (error) {
      if (this.asked === id)
        fill(this.root, element('p', { class: 'wrong', role: 'alert' }, words('failed', (error as Error).message)))
    }
  }

  private whole(order: OrderWire): Child {
    const { words, format } = this.said
    const moment = (ms: number | null): string => (ms === null ? '–' : format.moment(ms))
    const row = (word: Parameters<typeof words>[0], value: Child): HTMLElement =>
      element('div', {}, element('dt', { class: 'fact-name' }, words(word)), element('dd', { class: 'fact-value' }, value))
    return [
      element('h2', {}, order.id, ' ', element('span', { class: 'badge' }, order.state)),
      element(
        'dl',
        { class: 'facts' },
        row('placed', moment(order.placedMs)),
        row('promised', moment(order.promisedMs)),
        row('zone', order.zone ?? '–'),
        row('lines', order.lines.map(({ sku, units }) => `${units} × ${sku}`).join(', ') || '–'),
        row(
          'site',
          order.parts.flatMap(({ warehouse, service }) =>
            warehouse === null ? [] : [link(warehouse, `site-${warehouse}`, () => this.onSite(warehouse)), ` ${service ?? ''} `],
          ),
        ),
      ),
      this.next(order),
      element('h3', {}, words('blame')),
      this.blame(order),
      element('h3', {}, words('dwell')),
      this.dwell(order),
      element('h3', {}, words('events')),
      element(
        'ol',
        { class: 'events' },
        order.events.map(({ atMs, kind, who, why, what, impact, refused }) =>
          element(
            'li',
            { class: refused ? 'refused' : '' },
            element('p', { class: 'line' }, element('b', {}, kind), element('time', {}, format.moment(atMs))),
            element('p', { class: 'soft' }, `${words('who')}: ${who}`, why === null ? null : ` · ${words('why')}: ${why}`),
            what === '' ? null : element('p', {}, what),
            impact === null ? null : element('p', { class: 'soft' }, `${words('impact')}: ${impact}`),
            refused ? element('p', { class: 'wrong' }, words('refused')) : null,
          ),
        ),
      ),
    ]
  }

  private next({ next }: OrderWire): Child {
    if (next === null) return null
    const { words, format } = this.said
    return element(
      'div',
      { class: 'next' },
      element('h3', {}, words('next')),
      element(
        'p',
        {},
        words('nextBetween', format.moment(next.likelyMs), format.moment(next.earliestMs), format.moment(next.latestMs)),
      ),
      element(
        'p',
        { class: 'soft' },
        next.lateChance === null ? null : `${words('lateChance', format.percent(next.lateChance))} · `,
        words('restsOn', format.count(next.restsOn)),
      ),
    )
  }

  private blame({ blame, lateMs }: OrderWire): Child {
    const { words, format } = this.said
    if (blame === null || lateMs === null) return element('p', { class: 'soft' }, words('notLate'))
    return this.bars(
      blame.map(({ cause, ms }) => ({ name: cause, ms })),
      lateMs,
      `${words('total')} ${format.duration(lateMs)}`,
    )
  }

  private dwell({ dwell }: OrderWire): Child {
    const whole = dwell.reduce((sum, { ms }) => sum + ms, 0)
    return this.bars(
      dwell.map(({ state, ms }) => ({ name: state, ms })),
      whole,
      `${this.said.words('total')} ${this.said.format.duration(whole)}`,
    )
  }

  /** A waterfall: each bar begins where the one before it ends. */
  private bars(rows: readonly { readonly name: string; readonly ms: number }[], whole: number, told: string): HTMLElement {
    let before = 0
    return element(
      'div',
      { class: 'waterfall' },
      rows.map(({ name, ms }) => {
        const left = (before / Math.max(1, whole)) * 100
        before += ms
        return element(
          'div',
          { class: 'step' },
          element('span', { class: 'name' }, name),
          element(
            'span',
            { class: 'rail' },
            element('i', { style: `left:${left}%;width:max(2px,${(ms / Math.max(1, whole)) * 100}%)` }),
          ),
          element('span', { class: 'took' }, this.said.format.duration(ms)),
        )
      }),
      element('p', { class: 'soft sum' }, told),
    )
  }
}
