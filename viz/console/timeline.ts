import type { FutureWire } from '../../twin/wire.ts'
import { drawn, element, fill } from './element.ts'
import type { Said } from './said.ts'

const HOUR_MS = 3_600_000
/** Hours behind and ahead of now that the slider reaches. */
const BEHIND = 48
const AHEAD = 24
/** As near to now as this is now. */
const SNAP_HOURS = 0.25

export type Shown = { readonly kind: 'live' } | { readonly kind: 'past' | 'future'; readonly atMs: number }

/** Past, now and the futures on one slider; the fan of the futures is drawn where it lies. */
export class Timeline {
  readonly root: HTMLElement
  private readonly slider: HTMLInputElement
  private readonly told = element('output', { class: 'shown' })
  private readonly back: HTMLButtonElement
  private readonly fan = drawn('svg', { class: 'fan', viewBox: '0 0 100 40', preserveAspectRatio: 'none', 'aria-hidden': 'true' })
  private nowMs = Date.now()
  private readonly said: Said
  private readonly onShow: (shown: Shown) => void

  constructor(said: Said, onShow: (shown: Shown) => void) {
    this.said = said
    this.onShow = onShow
    const { words } = said
    this.slider = element('input', {
      type: 'range',
      min: -BEHIND,
      max: AHEAD,
      step: SNAP_HOURS,
      value: 0,
      'aria-label': words('slider'),
      oninput: () => this.moved(),
    })
    this.back = element('button', { type: 'button', class: 'quiet', onclick: () => this.toNow() }, words('backToLive'))
    this.back.hidden = true
    const at = (hours: number): string => `left:${((hours + BEHIND) / (BEHIND + AHEAD)) * 100}%`
    this.root = element(
      'section',
      { class: 'timeline', 'aria-label': words('slider') },
      element('div', { class: 'saying' }, this.told, this.back),
      element(
        'div',
        { class: 'track' },
        this.fan,
        element('span', { class: 'now-line', style: at(0) }),
        this.slider,
        element(
          'div',
          { class: 'ticks', 'aria-hidden': 'true' },
          [-48, -36, -24, -12, 0, 12, 24].map((hours) =>
            element('span', { style: at(hours) }, hours === 0 ? words('live') : `${hours > 0 ? '+' : '−'}${Math.abs(hours)} h`),
          ),
        ),
      ),
    )
    this.tell()
  }

  now(ms: number): void {
    this.nowMs = ms
    this.tell()
  }

  get shown(): Shown {
    const hours = Number(this.slider.value)
    if (Math.abs(hours) < SNAP_HOURS) return { kind: 'live' }
    return { kind: hours < 0 ? 'past' : 'future', atMs: this.nowMs + hours * HOUR_MS }
  }

  /** The fan of parcels that wait for a picker: a band with 90 % of the futures and the middle one. */
  futures(future: FutureWire | null): void {
    if (future === null || future.hours.length === 0) {
      fill(this.fan)
      return
    }
    const most = Math.max(1, ...future.hours.map(({ queue }) => queue[2])) * 1.1
    const x = (ms: number): string => ((((ms - this.nowMs) / HOUR_MS + BEHIND) / (BEHIND + AHEAD)) * 100).toFixed(2)
    const y = (value: number): string => (40 - (38 * value) / most).toFixed(2)
    const line = (which: 0 | 1 | 2): string[] => future.hours.map(({ atMs, queue }) => `${x(atMs)} ${y(queue[which])}`)
    fill(
      this.fan,
      drawn('path', { class: 'band', d: `M${line(2).join('L')}L${line(0).reverse().join('L')}Z` }),
      drawn('path', { class: 'middle', d: `M${line(1).join('L')}` }),
    )
  }

  private toNow(): void {
    this.slider.value = '0'
    this.slider.focus()
    this.moved()
  }

  private moved(): void {
    this.tell()
    this.onShow(this.shown)
  }

  private tell(): void {
    const { shown, said } = this
    const ms = shown.kind === 'live' ? this.nowMs : shown.atMs
    this.told.textContent = `${said.words(shown.kind)} · ${said.format.moment(ms)}`
    this.slider.setAttribute('aria-valuetext', this.told.textContent)
    this.root.dataset.shown = shown.kind
    this.back.hidden = shown.kind === 'live'
  }
}
