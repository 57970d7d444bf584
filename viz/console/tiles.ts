import type { KpiFrame } from '../../twin/wire.ts'
import { drawn, element, fill } from './element.ts'
import type { Said } from './said.ts'
import type { Word } from './words.ts'

type Tile = {
  readonly word: Word
  readonly value: (kpi: KpiFrame) => number | null
  readonly text: (value: number, said: Said) => string
  /** From where on somebody should look; rising is worse unless it falls. */
  readonly limit?: { readonly at: number; readonly falls?: true }
}

const TILES: readonly Tile[] = [
  { word: 'openOrders', value: (kpi) => kpi.openOrders, text: (value, { format }) => format.count(value) },
  { word: 'ordersPerHour', value: (kpi) => kpi.ordersPerHour, text: (value, { format }) => format.count(value) },
  {
    word: 'inTime',
    value: (kpi) => kpi.inTime,
    text: (value, { format }) => format.percent(value),
    limit: { at: 0.95, falls: true },
  },
  { word: 'overdue', value: (kpi) => kpi.overdue, text: (value, { format }) => format.count(value), limit: { at: 1 } },
  {
    word: 'oldestWait',
    value: (kpi) => kpi.oldestWaitMs,
    text: (value, { format }) => format.duration(value),
    limit: { at: 24 * 3_600_000 },
  },
  { word: 'feedLag', value: (kpi) => kpi.feedLagMs, text: (value, { format }) => format.duration(value), limit: { at: 60_000 } },
]
/** So many frames make a sparkline. */
const SHOWN = 120

export class Tiles {
  readonly root = element('dl', { class: 'tiles' })
  private readonly history: KpiFrame[] = []
  private readonly said: Said

  constructor(said: Said) {
    this.said = said
  }

  take(frames: readonly KpiFrame[]): void {
    this.history.push(...frames)
    if (this.history.length > SHOWN) this.history.splice(0, this.history.length - SHOWN)
    this.draw()
  }

  private draw(): void {
    const { history, said } = this
    const now = history.at(-1)
    fill(
      this.root,
      TILES.map((tile) => {
        const value = now === undefined ? null : tile.value(now)
        const isBad =
          value !== null && tile.limit !== undefined && (tile.limit.falls ? value < tile.limit.at : value >= tile.limit.at)
        return element(
          'div',
          { class: isBad ? 'tile look' : 'tile' },
          element('dt', {}, said.words(tile.word)),
          element('dd', {}, value === null ? '–' : tile.text(value, said)),
          sparkline(history.map(tile.value)),
        )
      }),
    )
  }
}

/** A line of what was, without axes: for its shape only, so it is hidden from those who cannot see it. */
function sparkline(values: readonly (number | null)[]): SVGElement {
  const told = values.filter((value) => value !== null)
  const [least, most] = [Math.min(...told), Math.max(...told)]
  const span = most - least
  let path = ''
  values.forEach((value, i) => {
    if (value === null) return
    const y = span === 0 ? 12 : 22 - (20 * (value - least)) / span
    path += `${path === '' ? 'M' : 'L'}${((100 * i) / Math.max(1, values.length - 1)).toFixed(1)} ${y.toFixed(1)}`
  })
  return drawn(
    'svg',
    { class: 'spark', viewBox: '0 0 100 24', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    drawn('path', { d: path }),
  )
}
