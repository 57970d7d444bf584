import type { Picture, SiteFrame } from '../../twin/wire.ts'
import { link } from './alert-list.ts'
import { ask } from './ask.ts'
import { element, fill } from './element.ts'
import { strainOf } from './network-map.ts'
import type { Said } from './said.ts'

/** A warehouse's twin: what it has before it, and its orders; without one chosen, all of them side by side. */
export class SitePanel {
  readonly root = element('div', { class: 'site' })
  private frames: readonly SiteFrame[] = []
  private picture: Picture | null = null
  private chosen: string | null = null
  private readonly figures = element('div', {})
  private readonly orders = element('div', {})
  private readonly said: Said
  private readonly does: { readonly order: (id: string) => void; readonly site: (id: string | null) => void }

  constructor(said: Said, does: SitePanel['does']) {
    this.said = said
    this.does = does
  }

  network(picture: Picture): void {
    this.picture = picture
  }
  take(frames: readonly SiteFrame[]): void {
    this.frames = frames
    this.draw()
  }

  async choose(id: string | null): Promise<void> {
    this.chosen = id
    fill(this.orders)
    this.draw()
    if (id === null) return
    const { words, format } = this.said
    fill(this.orders, element('p', { class: 'soft' }, words('loading')))
    try {
      const orders = await ask.ordersAt(id)
      if (this.chosen !== id) return
      fill(
        this.orders,
        element('h3', {}, words('ordersHere')),
        element(
          'ul',
          { class: 'orders' },
          orders.map(({ id: order, state, promisedMs }) =>
            element(
              'li',
              {},
              link(order, `order-${order}`, () => this.does.order(order)),
              element('span', { class: 'soft' }, state),
              element('time', {}, promisedMs === null ? '–' : format.moment(promisedMs)),
            ),
          ),
        ),
      )
    } catch (error) {
      fill(this.orders, element('p', { class: 'wrong', role: 'alert' }, words('failed', (error as Error).message)))
    }
  }

  private nameOf(id: string): string {
    return this.picture?.sites.find((site) => site.kind === 'warehouse' && site.id === id)?.name ?? id
  }

  private draw(): void {
    const frame = this.frames.find(({ id }) => id === this.chosen)
    if (frame === undefined) fill(this.root, this.all())
    else {
      fill(this.figures, this.one(frame))
      if (this.figures.parentElement !== this.root) fill(this.root, this.figures, this.orders)
    }
  }

  private all(): HTMLElement {
    const { words, format } = this.said
    return element(
      'div',
      {},
      element('p', { class: 'soft' }, words('pickSite')),
      element(
        'table',
        { class: 'sites' },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            element('th', { scope: 'col' }, words('site')),
            ...(['toPick', 'inWork', 'late'] as const).map((word) =>
              element('th', { scope: 'col', class: 'number' }, words(word)),
            ),
          ),
        ),
        element(
          'tbody',
          {},
          this.frames.map((frame) =>
            element(
              'tr',
              {},
              element(
                'th',
                { scope: 'row' },
                element('i', { class: 'dot', 'data-strain': strainOf(frame) }),
                link(this.nameOf(frame.id), `site-${frame.id}`, () => this.does.site(frame.id)),
              ),
              ...[frame.toPick, frame.inWork + frame.onDock, frame.late].map((value) =>
                element('td', { class: 'number' }, format.count(value)),
              ),
            ),
          ),
        ),
      ),
    )
  }

  private one(frame: SiteFrame): HTMLElement {
    const { words, format } = this.said
    const strain = strainOf(frame)
    const row = (word: Parameters<typeof words>[0], value: string): HTMLElement =>
      element('div', {}, element('dt', { class: 'fact-name' }, words(word)), element('dd', { class: 'fact-value' }, value))
    return element(
      'div',
      {},
      link(`← ${words('sites')}`, 'all-sites', () => this.does.site(null)),
      element('h2', {}, this.nameOf(frame.id), ' ', element('span', { class: 'badge', 'data-strain': strain }, words(strain))),
      element(
        'dl',
        { class: 'facts' },
        row('toPick', format.count(frame.toPick)),
        row('inWork', format.count(frame.inWork)),
        row('onDock', format.count(frame.onDock)),
        row('late', format.count(frame.late)),
        row('hands', frame.hands === null ? words('untold') : format.count(frame.hands)),
        row('busy', frame.busy === null ? words('untold') : format.percent(frame.busy)),
        row('temperature', frame.celsius === null ? words('untold') : `${frame.celsius.toFixed(1)} °C`),
      ),
    )
  }
}
