import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadNetwork } from '../../scenarios/read/network.ts'
import { loadScenario } from '../../scenarios/read/scenario.ts'
import { openAlerts } from '../alerts/alert-wing.ts'
import { readAlertRules } from '../alerts/read-rules.ts'
import { openReality } from '../reality/open-reality.ts'
import { type Served, serve } from '../server/serve.ts'
import { CHROMIUM, openBrowser } from './chromium.fixture.ts'
import { consoleWing } from './console-wing.ts'
import { consolePage } from './page.ts'

const HOUR_MS = 3_600_000

describe.skipIf(!existsSync(CHROMIUM))(
  'the page in a real browser (skipped where Chromium is not installed)',
  { timeout: 60_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'orrery-page-'))
    const complaints: string[] = []
    let served: Served
    let browser: BrowserContext
    let page: Page

    beforeAll(async () => {
      const { spec, card } = await loadNetwork('brazil')
      const small = { ...spec, demand: { ...spec.demand, ordersPerDay: 200 } }
      const { desk, wing } = openAlerts({ spec: small, rules: readAlertRules(null), hooks: [] })
      served = await serve({
        host: '127.0.0.1',
        port: 0,
        db: join(folder, 'twin.db'),
        keyFile: join(folder, 'keys.db'),
        aheadMs: HOUR_MS,
        heldBytesMax: 64_000_000,
        keys: undefined,
        logLevel: 'silent',
        wings: [
          wing,
          consoleWing({
            page: await consolePage(),
            spec: small,
            outline: card.outline,
            alerts: desk,
          }),
        ],
        say: () => {},
      })
      const world = {
        spec: small,
        scenario: loadScenario('calm').spec,
        policies: 'live-greedy',
        seed: '1',
        days: 5,
        fromMs: Date.now() - 8 * 24 * HOUR_MS,
        offsetMinutes: -180,
      }
      const reality = await openReality(world)
      const events = reality.until(4.5 * 24 * HOUR_MS)
      for (let i = 0; i < events.length; i += 1000) {
        const lines = events.slice(i, i + 1000).map((event) => `${JSON.stringify(event)}\n`)
        await served.twin.accept(Buffer.from(lines.join('')), 'test')
      }
      browser = await openBrowser(folder, 1280, 720)
      page = await browser.newPage()
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(`${served.url}/?lang=en`)
      await page.waitForFunction(() => (globalThis as { ready?: boolean }).ready === true)
    }, 120_000)

    afterAll(async () => {
      await browser?.close()
      await served?.stop()
      rmSync(folder, { recursive: true, force: true })
    })

    test('it shows the network, its open orders and its warehouses', async () => {
      expect(await page.textContent('.network')).toBe('Brazil')
      const open = served.twin.state.openCount().toLocaleString('en-GB')
      expect(await page.textContent('.tile:first-child dd')).toBe(open)
      expect(await page.locator('.marker').count()).toBe(12)
      expect(await page.textContent('.moving')).toMatch(/[1-9][\d,]* parcels on the road/)
    })

    test('something is drawn: land, water and parcels are not of one colour', async () => {
      // Of the canvas itself, and not of what lies above it.
      const colours = await page.evaluate(() => {
        type Flat = {
          drawImage(of: unknown, x: number, y: number): void
          getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray }
        }
        type Canvas = { width: number; height: number; getContext(kind: '2d'): Flat }
        const { document } = globalThis as unknown as {
          document: { querySelector(what: string): Canvas; createElement(what: string): Canvas }
        }
        const drawn = document.querySelector('canvas')
        const copy = document.createElement('canvas')
        copy.width = drawn.width
        copy.height = drawn.height
        const flat = copy.getContext('2d')
        flat.drawImage(drawn, 0, 0)
        const { data } = flat.getImageData(0, 0, copy.width, copy.height)
        const seen: Record<string, number> = {}
        for (let i = 0; i < data.length; i += 4) {
          const colour = `${data[i]},${data[i + 1]},${data[i + 2]}`
          seen[colour] = (seen[colour] ?? 0) + 1
        }
        return seen
      })
      const counts = Object.values(colours).sort((a, b) => b - a)
      const whole = counts.reduce((sum, count) => sum + count, 0)
      expect(counts[0] / whole).toBeLessThan(0.9)
      expect(counts[1] / whole).toBeGreaterThan(0.1)
      const blue = Object.entries(colours).filter(([colour]) => Number(colour.split(',')[2]) - Number(colour.split(',')[0]) > 90)
      expect(
        blue.reduce((sum, [, count]) => sum + count, 0),
        'pixels of parcels',
      ).toBeGreaterThan(20)
    })

    test('a click on a warehouse shows its twin, a click on an order there its life', async () => {
      await page.click('.marker:has-text("São Paulo")')
      await page.waitForSelector('.site .orders li')
      expect(await page.textContent('.site h2')).toContain('São Paulo')
      const id = (await page.textContent('.site .orders li button')) ?? ''
      await page.click('.site .orders li button')
      await page.waitForSelector('.order .events li')
      expect(await page.textContent('.order h2')).toContain(id)
      const events = await page.locator('.order .events li').allTextContents()
      expect(events[0]).toContain('orders.placed')
      expect(events.length).toBe(served.twin.state.history(id).length)
      expect(await page.textContent('.order')).not.toMatch(/@example|Rua |undefined|NaN/)
    })

    test('an order that nobody knows is told so', async () => {
      await page.fill('input[type=search]', 'no-such-order')
      await page.keyboard.press('Enter')
      await page.waitForSelector('.order .empty')
      expect(await page.textContent('.order .empty')).toContain('no-such-order')
      // The browser itself logs that the answer was 404.
      expect(complaints.splice(0).every((text) => text.includes('404'))).toBe(true)
    })

    test('the slider goes into the past, by keys too, and back', async () => {
      await page.focus('.track input')
      for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowLeft')
      await page.waitForFunction(() =>
        (globalThis as unknown as { document: { querySelector(what: string): { textContent: string } } }).document
          .querySelector('.shown')
          .textContent.startsWith('Past'),
      )
      await page.click('.saying button')
      expect(await page.textContent('.shown')).toMatch(/^Live/)
    })

    test('it speaks Chinese, and is dark where that is wanted', async () => {
      await page.goto(`${served.url}/?lang=zh&theme=dark`)
      await page.waitForFunction(() => (globalThis as { ready?: boolean }).ready === true)
      expect(await page.textContent('.tile:first-child dt')).toBe('未完成订单')
      expect(
        await page.evaluate(
          () =>
            (
              globalThis as unknown as { getComputedStyle(of: unknown): { backgroundColor: string }; document: { body: unknown } }
            ).getComputedStyle((globalThis as unknown as { document: { body: unknown } }).document.body).backgroundColor,
        ),
      ).toBe('rgb(18, 22, 28)')
    })

    test('and nothing was complained of', () => {
      expect(complaints).toEqual([])
    })
  },
)
