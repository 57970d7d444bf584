import type { Leg, Picture, SiteFrame } from '../../twin/wire.ts'
import { element } from './element.ts'
import { type Palette, Stage } from './gl.ts'
import { endsOf, isLate, Moving } from './moving.ts'
import type { Said } from './said.ts'
import { sidesOf } from './sides.ts'

/** How strained a warehouse is: by its queue against what its hands do, as a picker would see it. */
export function strainOf({ toPick, hands, busy, late }: SiteFrame): 'healthy' | 'strained' | 'behind' {
  const each = hands === null || hands === 0 ? null : toPick / hands
  if ((each !== null && each > 30) || (late > 20 && late > toPick / 4)) return 'behind'
  if ((each !== null && each > 10) || (busy !== null && busy > 0.97) || late > 5) return 'strained'
  return 'healthy'
}

const REST_MS = 1500

/** The map: land, roads and parcels in WebGL; warehouses as buttons above it, so that keys and screen readers reach them. */
export class NetworkMap {
  readonly root: HTMLElement
  private readonly canvas = element('canvas', { 'aria-hidden': 'true' })
  private readonly markers = element('div', { class: 'markers' })
  private readonly counter = element('p', { class: 'moving', role: 'status' })
  private stage: Stage | null = null
  private picture: Picture | null = null
  private place: (lon: number, lat: number) => [number, number] = () => [0, 0]
  private readonly moving = new Moving()
  private readonly buttons = new Map<string, HTMLButtonElement>()
  private box: readonly [number, number, number, number] = [0, 0, 1, 1]
  private chosen: string | null = null
  private seconds: () => number = () => 0
  private moved = true
  private drew: () => void = () => {}
  /** Resolves when there is something to see. */
  readonly drawn = new Promise<void>((done) => {
    this.drew = done
  })
  private drawnMs = 0
  private readonly said: Said
  private readonly onSite: (id: string) => void

  constructor(said: Said, onSite: (id: string) => void) {
    this.said = said
    this.onSite = onSite
    const { words } = said
    const button = (word: 'zoomIn' | 'zoomOut' | 'whole', sign: string, act: () => void) =>
      element('button', { type: 'button', title: words(word), 'aria-label': words(word), onclick: act }, sign)
    this.root = element(
      'section',
      { class: 'map', 'aria-label': words('map') },
      this.canvas,
      this.markers,
      this.counter,
      element(
        'div',
        { class: 'zoom' },
        button('zoomIn', '+', () => this.zoom(0.75)),
        button('zoomOut', '−', () => this.zoom(1.33)),
        button('whole', '⤢', () => this.whole()),
      ),
    )
    this.listen()
  }

  /** Draws this network; `seconds` is the clock that legs count by. */
  show(picture: Picture, palette: Palette, seconds: () => number): void {
    this.picture = picture
    this.seconds = seconds
    const stage = new Stage(this.canvas, palette)
    this.stage = stage
    const place = placing(picture)
    this.place = place
    stage.ground(picture.outline.map((ring) => ring.map(([lon, lat]) => place(lon, lat))))
    const at = picture.sites.map(({ lon, lat }) => place(lon, lat))
    stage.roads(
      picture.lanes
        .filter((_, i) => picture.sites[picture.lanes[i].to].kind !== 'zone')
        .map(({ from, to }) => [at[from], at[to]]),
    )
    const largest = Math.max(1e-9, ...picture.sites.map(({ share }) => share))
    stage.discs(
      picture.sites.flatMap(({ kind, share }, i) =>
        kind === 'zone' ? [[...at[i], 4 + 18 * Math.sqrt(share / largest)] as const] : [],
      ),
    )
    const points = [...picture.outline.flatMap((ring) => ring.map(([lon, lat]) => place(lon, lat))), ...at]
    this.box = [
      Math.min(...points.map(([x]) => x)),
      Math.min(...points.map(([, y]) => y)),
      Math.max(...points.map(([x]) => x)),
      Math.max(...points.map(([, y]) => y)),
    ]
    this.mark(picture)
    new ResizeObserver(() => this.resize()).observe(this.root)
    this.resize()
    this.whole()
    this.run()
  }

  paint(palette: Palette): void {
    this.stage?.paint(palette)
    this.moved = true
  }

  legs(legs: readonly Leg[]): void {
    const { picture, stage } = this
    if (picture === null || stage === null) return
    const { place } = this
    for (const leg of legs) {
      const at = this.moving.place(leg)
      if (at === null) continue
      const ends = at.leaves ? null : endsOf(picture, leg)
      if (ends === null) stage.settle(at.place)
      else
        stage.fly(
          at.place,
          place(ends.from.lon, ends.from.lat),
          place(ends.to.lon, ends.to.lat),
          leg.from,
          leg.until,
          isLate(leg),
        )
    }
    this.counter.textContent = this.said.words('parcelsMoving', this.said.format.count(this.moving.count))
    this.moved = true
  }

  sites(frames: readonly SiteFrame[]): void {
    for (const frame of frames) {
      const button = this.buttons.get(frame.id)
      if (button === undefined) continue
      const strain = strainOf(frame)
      const queue = frame.toPick + frame.inWork + frame.onDock
      button.dataset.strain = strain
      const size = Math.round(10 + Math.min(24, 0.9 * Math.sqrt(queue)))
      if (button.style.getPropertyValue('--size') !== `${size}px`) {
        button.style.setProperty('--size', `${size}px`)
        // Larger discs push labels aside.
        this.moved = true
      }
      const site = this.picture?.sites.find(({ id }) => id === frame.id)
      button.setAttribute(
        'aria-label',
        `${site?.name ?? frame.id}: ${this.said.words(strain)}, ${this.said.words('toPick')} ${frame.toPick}`,
      )
      const figure = button.querySelector('.figure')
      if (figure !== null) figure.textContent = this.said.format.count(queue)
    }
  }

  choose(id: string | null): void {
    if (this.chosen !== null) this.buttons.get(this.chosen)?.removeAttribute('aria-pressed')
    if (id !== null) this.buttons.get(id)?.setAttribute('aria-pressed', 'true')
    this.chosen = id
  }

  private mark(picture: Picture): void {
    for (const site of picture.sites) {
      if (site.kind !== 'warehouse') continue
      const button = element(
        'button',
        { type: 'button', class: 'marker', 'data-strain': 'healthy', onclick: () => this.onSite(site.id) },
        element('span', { class: 'disc' }),
        element('span', { class: 'label' }, site.name, ' ', element('b', { class: 'figure' })),
      )
      this.buttons.set(site.id, button)
      this.markers.append(button)
    }
  }

  private placeMarkers(): void {
    const { picture, stage } = this
    if (picture === null || stage === null) return
    const { place } = this
    const at = picture.sites.flatMap(({ id, lon, lat, kind }) => {
      const button = kind === 'warehouse' ? this.buttons.get(id) : undefined
      if (button === undefined) return []
      const [x, y] = stage.onScreen(...place(lon, lat))
      button.style.setProperty('--x', `${x.toFixed(1)}px`)
      button.style.setProperty('--y', `${y.toFixed(1)}px`)
      const half = Number.parseFloat(button.style.getPropertyValue('--size') || '14') / 2
      return [{ button, x, y, half }]
    })
    const sides = sidesOf(
      at.map(({ button, x, y, half }) => ({ x, y, half, width: button.querySelector<HTMLElement>('.label')?.offsetWidth ?? 0 })),
      this.root.clientWidth,
    )
    for (const [i, { button }] of at.entries()) button.dataset.side = sides[i]
  }

  private zoom(factor: number): void {
    this.stage?.zoom(factor)
    this.moved = true
  }
  private whole(): void {
    this.stage?.show(...this.box)
    this.moved = true
  }
  private resize(): void {
    this.stage?.resize(this.root.clientWidth, this.root.clientHeight)
    // A canvas of another size is empty: it is filled at once, or it would flash.
    this.stage?.draw(this.seconds())
    this.moved = true
  }

  private listen(): void {
    let held: { x: number; y: number } | null = null
    this.canvas.addEventListener('pointerdown', (event) => {
      held = { x: event.clientX, y: event.clientY }
      this.canvas.setPointerCapture(event.pointerId)
    })
    this.canvas.addEventListener('pointermove', (event) => {
      if (held === null) return
      this.stage?.pan(event.clientX - held.x, event.clientY - held.y)
      held = { x: event.clientX, y: event.clientY }
      this.moved = true
    })
    for (const end of ['pointerup', 'pointercancel']) this.canvas.addEventListener(end, () => (held = null))
    this.canvas.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault()
        this.zoom(Math.exp(event.deltaY * 0.0012))
      },
      { passive: false },
    )
  }

  /** Draws when something moves, and where drawing is done by software leaves the machine time for the rest. */
  private run(): void {
    const step = (): void => {
      const { stage } = this
      if (stage === null) return
      const began = performance.now()
      if (!document.hidden && (this.moved || this.moving.count > 0 || began - this.drawnMs > REST_MS)) {
        stage.draw(this.seconds())
        if (this.moved) this.placeMarkers()
        this.moved = false
        this.drawnMs = began
        this.drew()
      }
      const cost = performance.now() - began
      setTimeout(() => requestAnimationFrame(step), stage.isSoftware ? Math.min(400, Math.max(60, 3 * cost)) : 0)
    }
    requestAnimationFrame(step)
  }
}

/** Longitude and latitude on a plane 1000 wide; degrees of longitude shortened by cos(middle latitude). */
function placing({ outline, sites }: Picture): (lon: number, lat: number) => [number, number] {
  const lons = [...outline.flat().map(([lon]) => lon), ...sites.map(({ lon }) => lon)]
  const lats = [...outline.flat().map(([, lat]) => lat), ...sites.map(({ lat }) => lat)]
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)]
  const narrow = Math.max(0.05, Math.cos((((south + north) / 2) * Math.PI) / 180))
  const scale = 1000 / Math.max((east - west) * narrow, north - south, 0.01)
  return (lon, lat) => [(lon - west) * narrow * scale, (lat - south) * scale]
}
