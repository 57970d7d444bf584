import { type Frame, type FutureWire, readLegs, type Snapshot } from '../../twin/wire.ts'
import { AlertList } from './alert-list.ts'
import { ask, useKey } from './ask.ts'
import { element, fill } from './element.ts'
import type { Palette } from './gl.ts'
import { listen } from './live.ts'
import { NetworkMap } from './network-map.ts'
import { OrderPanel } from './order-panel.ts'
import { RolloutPanel } from './rollout-panel.ts'
import { type Said, saidIn } from './said.ts'
import { SitePanel } from './site-panel.ts'
import { Tiles } from './tiles.ts'
import { type Shown, Timeline } from './timeline.ts'
import { type Language, languages } from './words.ts'

declare global {
  interface Window {
    /** True when there is something to see: what takes screenshots waits for it. */
    ready?: boolean
  }
}

const address = new URL(location.href)
/** `?t=` stops the clock at an instant (ms since 1970), so that two pictures of it are alike. */
const frozenMs = address.searchParams.has('t') ? Number(address.searchParams.get('t')) : null
const FUTURE_EVERY_MS = 20_000

const kept = (key: string): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
const keep = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

const wanted = address.searchParams.get('lang') ?? kept('language') ?? navigator.language.slice(0, 2)
const language: Language = languages.find((one) => one === wanted) ?? 'en'
const theme = address.searchParams.get('theme') ?? kept('theme')
if (theme !== null) document.documentElement.dataset.theme = theme
document.documentElement.lang = language

page(saidIn(language))

function page(said: Said): void {
  const { words, format } = said
  /** The clock of the events: where it stood when last told, and how fast it runs. */
  const clock = { atMs: Date.now(), heardMs: performance.now(), speed: 1, baseMs: 0 }
  const nowMs = (): number => frozenMs ?? clock.atMs + (performance.now() - clock.heardMs) * clock.speed
  const seconds = (): number => (nowMs() - clock.baseMs) / 1000

  const map = new NetworkMap(said, (id) => showSite(id))
  const tiles = new Tiles(said)
  const order = new OrderPanel(said, (id) => showSite(id))
  const sites = new SitePanel(said, { order: (id) => showOrder(id), site: (id) => showSite(id) })
  const alerts = new AlertList(said, {
    order: (id) => showOrder(id),
    site: (id) => showSite(id),
    acknowledge: (id) => told.acknowledge(id),
  })
  const rollouts = new RolloutPanel(said, (isWide) => middle.classList.toggle('is-wide', isWide))
  const timeline = new Timeline(said, (shown) => void travel(shown))

  const title = element('span', { class: 'network' })
  const time = element('time', { class: 'clock' })
  const state = element('span', { class: 'connection', role: 'status' }, words('connecting'))
  const banner = element('p', { class: 'banner', role: 'status', hidden: true })
  const search = element('input', {
    type: 'search',
    name: 'order',
    placeholder: words('search'),
    'aria-label': words('search'),
    autocomplete: 'off',
  })
  const find = element(
    'form',
    {
      class: 'find',
      role: 'search',
      onsubmit: (event) => {
        event.preventDefault()
        if (search.value.trim() !== '') showOrder(search.value.trim())
      },
    },
    search,
  )
  const change = (key: string, value: string): void => {
    keep(key, value)
    location.reload()
  }
  const other = languages[(languages.indexOf(language) + 1) % languages.length]
  const header = element(
    'header',
    { class: 'head' },
    element('h1', {}, 'Orrery'),
    title,
    time,
    state,
    find,
    element('button', { type: 'button', class: 'quiet', onclick: () => change('language', other) }, words('language')),
    element(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': words('theme'), title: words('theme'), onclick: turn },
      '◐',
    ),
  )

  const panels = { alerts: alerts.root, site: sites.root, order: order.root, rollouts: rollouts.root }
  type Panel = keyof typeof panels
  const inside = element('div', { class: 'inside', role: 'tabpanel', tabindex: 0 })
  const tabs = Object.fromEntries(
    (Object.keys(panels) as Panel[]).map((name) => [
      name,
      element('button', { type: 'button', role: 'tab', onclick: () => open(name) }, words(name === 'site' ? 'sites' : name)),
    ]),
  ) as Record<Panel, HTMLButtonElement>
  const side = element(
    'aside',
    { class: 'side' },
    element('div', { class: 'tabs', role: 'tablist' }, Object.values(tabs)),
    inside,
  )

  const middle = element('main', { class: 'middle' }, map.root, side)
  fill(document.getElementById('page') as HTMLElement, header, tiles.root, middle, timeline.root, banner)
  open('alerts')

  function open(name: Panel): void {
    for (const [other, tab] of Object.entries(tabs)) tab.setAttribute('aria-selected', String(other === name))
    middle.dataset.panel = name
    if (inside.firstChild !== panels[name]) fill(inside, panels[name])
  }
  function showSite(id: string | null): void {
    open('site')
    map.choose(id)
    void sites.choose(id)
  }
  function showOrder(id: string): void {
    open('order')
    search.value = id
    void order.show(id)
  }
  function turn(): void {
    const isDark =
      document.documentElement.dataset.theme === 'dark' ||
      (document.documentElement.dataset.theme === undefined && matchMedia('(prefers-color-scheme: dark)').matches)
    document.documentElement.dataset.theme = isDark ? 'light' : 'dark'
    keep('theme', isDark ? 'light' : 'dark')
    map.paint(palette())
  }

  let isLive = true
  let known: FutureWire | null = null
  /** The hour of the futures that is nearest, with what is expected on each floor. */
  function foretell(atMs: number): void {
    const hour = known?.hours.findLast((one) => one.atMs <= atMs + 1_800_000)
    if (known === null || hour === undefined) {
      shout(words('noFuture'), false)
      return
    }
    const [low, , high] = hour.late
    shout(words('futureSays', known.replications, ...[low, high, hour.queue[0], hour.queue[2]].map(format.count)), false)
    const frames = Object.entries(hour.sites).map(([id, [, median]]) => ({
      id,
      toPick: Math.round(median),
      inWork: 0,
      onDock: 0,
      hands: null,
      busy: null,
      celsius: null,
      late: 0,
    }))
    map.sites(frames)
    sites.take(frames)
  }
  async function travel(shown: Shown): Promise<void> {
    isLive = shown.kind === 'live'
    if (shown.kind === 'live') {
      hush()
      return
    }
    if (shown.kind === 'future') {
      foretell(shown.atMs)
      return
    }
    try {
      const past = await ask.past(shown.atMs)
      if (timeline.shown.kind !== 'past') return
      if (past === null) return shout(words('noPast', format.moment(shown.atMs)))
      hush()
      map.sites(past.sites)
      sites.take(past.sites)
    } catch (error) {
      shout(words('failed', (error as Error).message))
    }
  }
  function shout(text: string, isWrong = true): void {
    banner.textContent = text
    banner.classList.toggle('is-wrong', isWrong)
    banner.hidden = false
  }
  function hush(): void {
    banner.hidden = true
  }

  function take({ kpi, sites: frames, speed }: Frame): void {
    clock.atMs = kpi.atMs
    clock.heardMs = performance.now()
    clock.speed = speed
    time.textContent = format.moment(kpi.atMs)
    time.setAttribute('datetime', new Date(kpi.atMs).toISOString())
    state.textContent = speed > 1.5 ? `${words('connected')} · ${words('speed', format.count(speed))}` : words('connected')
    tabs.alerts.dataset.count = alerts.open === 0 ? '' : String(alerts.open)
    timeline.now(kpi.atMs)
    tiles.take([kpi])
    if (!isLive) return
    map.sites(frames)
    sites.take(frames)
  }

  let drawn = false
  function begin({ picture, frame, history, alerts: open, legs, baseMs, rollouts: hasRollouts }: Snapshot): void {
    clock.baseMs = baseMs
    title.textContent = picture.name
    if (!drawn) {
      map.show(picture, palette(), seconds)
      sites.network(picture)
      tiles.take(history)
    }
    drawn = true
    alerts.take(open)
    void rollouts.begin(hasRollouts).then(countRollouts)
    take(frame)
    map.legs(readLegs(legs))
    void futures()
    void map.drawn.then(() => {
      window.ready = true
    })
  }

  function countRollouts(): void {
    tabs.rollouts.dataset.count = rollouts.waiting === 0 ? '' : String(rollouts.waiting)
  }
  /** The server wants to know who looks; the answer is kept as long as the page is open. */
  function askKey(): void {
    state.textContent = words('askKey')
    const key = element('input', {
      type: 'password',
      name: 'key',
      required: true,
      autocomplete: 'off',
      'aria-label': words('yourKey'),
    })
    const form = element(
      'form',
      {
        class: 'key',
        onsubmit: (event) => {
          event.preventDefault()
          useKey(key.value.trim())
          hush()
          told.again()
        },
      },
      element('label', {}, words('askKey'), key),
      element('button', { type: 'submit', class: 'act' }, words('enter')),
    )
    shout('', false)
    fill(banner, form)
    key.focus()
  }

  async function futures(): Promise<void> {
    known = await ask.future().catch(() => known)
    timeline.futures(known)
  }
  setInterval(() => void futures(), FUTURE_EVERY_MS)
  // Figures move between two acts, of which nobody tells.
  setInterval(() => {
    if (middle.dataset.panel === 'rollouts' && !document.hidden) void rollouts.refresh().then(countRollouts)
  }, FUTURE_EVERY_MS)

  const told = listen({
    snapshot: begin,
    frame: take,
    legs: (legs) => map.legs(legs),
    alert: (alert) => alerts.take([alert]),
    rollout: (id) => void rollouts.changed(id).then(countRollouts),
    unknown: askKey,
    connected: (connected) => {
      state.textContent = words(connected ? 'connected' : 'connecting')
      if (connected) hush()
      else if (drawn) shout(words('lost', format.moment(nowMs())))
    },
  })
}

/** The map's colours are the page's, as they come out by day or by night: worked out by the browser for an element that nobody sees. */
function palette(): Palette {
  const probe = element('i', { hidden: true })
  document.body.append(probe)
  const hex = (name: string): number => {
    probe.style.color = `var(--${name})`
    const [red, green, blue] = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number)
    return (red << 16) | (green << 8) | blue
  }
  const colours = {
    page: hex('map'),
    land: hex('land'),
    coast: hex('coast'),
    road: hex('road'),
    zone: hex('zone'),
    parcel: hex('parcel'),
    late: hex('late'),
  }
  probe.remove()
  return colours
}
