import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadNetwork } from '../../scenarios/read/network.ts'
import { judge } from '../judge/judge.ts'
import { begun, HOUR_MS, openPath, type Path } from '../rollout/path.fixture.ts'
import { rolloutWing } from '../rollout/rollout-wing.ts'
import { type Served, serve } from '../server/serve.ts'
import { CHROMIUM, openBrowser } from './chromium.fixture.ts'
import { consoleWing } from './console-wing.ts'
import { consolePage } from './page.ts'

/** People of a twin that asks who they are. */
const KEYS = {
  'key-of-olga-0123456789': { name: 'olga', role: 'operator' },
  'key-of-adam-0123456789': { name: 'adam', role: 'approver' },
  'key-of-vera-0123456789': { name: 'vera', role: 'viewer' },
}

describe.skipIf(!existsSync(CHROMIUM))(
  'the page of a rollout in a real browser (skipped where Chromium is not installed)',
  { timeout: 60_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'orrery-rollouts-'))
    const complaints: string[] = []
    let path: Path
    let served: Served
    let browser: BrowserContext

    beforeAll(async () => {
      path = await openPath({ late: { stable: 0.12, candidate: 0.08 } })
      await begun(path)
      await path.until(({ state, step }) => state === 'canary' && step === 2, 60)
      await path.hours(5)
      const { spec, card } = await loadNetwork('brazil')
      const { desk, registry, bundles } = path
      served = await serve({
        host: '127.0.0.1',
        port: 0,
        db: join(folder, 'twin.db'),
        keyFile: join(folder, 'keys.db'),
        aheadMs: HOUR_MS,
        heldBytesMax: 64_000_000,
        keys: JSON.stringify(KEYS),
        logLevel: 'silent',
        now: path.now,
        wings: [
          rolloutWing({ desk, registry, bundles, judge }),
          consoleWing({
            page: await consolePage(),
            spec,
            outline: card.outline,
            rollouts: (changed) => desk.onChange(changed),
          }),
        ],
        say: () => {},
      })
      browser = await openBrowser(folder, 1280, 800)
    }, 120_000)

    afterAll(async () => {
      await browser?.close()
      await served?.stop()
      await path?.close()
      rmSync(folder, { recursive: true, force: true })
    })

    /** A page of somebody's, at the rollout. */
    const lookedAtBy = async (name: string, query = '?lang=en'): Promise<Page> => {
      const page = await browser.newPage()
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(`${served.url}/${query}`)
      await page.fill('.key input', `key-of-${name}-0123456789`)
      await page.keyboard.press('Enter')
      await page.waitForFunction(() => (globalThis as { ready?: boolean }).ready === true)
      await page.click('.tabs button:nth-child(4)')
      await page.click('.rollout-row')
      await page.waitForSelector('.ladder')
      return page
    }
    const shown = async (page: Page, where: string): Promise<string> => (await page.locator(where).textContent()) ?? ''

    test('nobody looks without a key, and a wrong one opens nothing', async () => {
      const page = await browser.newPage()
      await page.goto(`${served.url}/?lang=en`)
      await page.fill('.key input', 'a-key-of-nobody-at-all')
      await page.keyboard.press('Enter')
      await page.waitForSelector('.key input')
      expect(await shown(page, '.connection')).toMatch(/who looks/)
      expect(await page.locator('.marker').count()).toBe(0)
      await page.close()
    })

    test('it says the verdict in a sentence, where the rollout is, and each metric with its margin', async () => {
      const page = await lookedAtBy('vera')
      const { verdict } = path.desk.judged(path.rollout().id) ?? { verdict: null }
      if (verdict === null) throw new Error('nobody has looked')
      expect(await shown(page, '.verdict')).toContain(verdict.says)
      expect(await shown(page, '.ladder .is-here')).toContain('50 %')
      expect(await page.locator('.metric').count()).toBe(verdict.metrics.length)
      expect(await shown(page, '.rollouts')).not.toMatch(/undefined|NaN|Infinity/)
      // A viewer looks.
      expect(await page.locator('[data-verb]').count()).toBe(0)
      await page.close()
    })

    test('who acts on an old picture is told so, sees the new one, and can act then', async () => {
      const page = await lookedAtBy('olga')
      await page.click('[data-verb=hold]')
      // Meanwhile somebody else: what stands in the dialogue is the picture as it was.
      await path.does({ name: 'ole', role: 'operator', roles: ['operator'] }, 'hold', { because: 'a storm is coming' })
      await page.fill('.asking input', 'a look at the dock first')
      await page.click('.asking .act')
      await page.waitForSelector('.wrong:not([hidden])')
      expect(await shown(page, '.wrong')).toContain('gone on since you saw it')
      expect(await shown(page, '.held')).toContain('a storm is coming')
      await page.click('[data-verb=resume]')
      await page.fill('.asking input', 'it has passed')
      await page.click('.asking .act')
      await page.waitForSelector('.held', { state: 'detached' })
      expect(path.rollout().held).toBeNull()
      await page.close()
    })

    test('a promotion takes two yeses, and is one click for whoever may', async () => {
      await path.until(({ state }) => state === 'promote-pending', 60)
      const adam = await lookedAtBy('adam')
      expect(await adam.locator('.funnel .look').count()).toBeGreaterThan(1)
      await adam.click('[data-verb=approve]')
      expect(await shown(adam, '.asking')).toContain((path.rollout().proposed?.evidence ?? '?').slice(0, 16))
      await adam.click('.asking .act')
      await adam.waitForSelector('.yeses li:has-text("adam")')
      await adam.close()
      const of = path.rollout().proposed?.evidence ?? ''
      await path.does({ name: 'cy', role: 'approver', roles: ['approver'] }, 'approve', { of })
      const olga = await lookedAtBy('olga')
      await olga.click('[data-verb=promote]')
      await olga.click('.asking .act')
      await olga.waitForSelector('.ladder .is-here:has-text("live")')
      expect(path.registry.alias('stable')?.version).toBe(path.candidate)
      await olga.close()
    })

    test('and back in two clicks, seen by others without a reload', async () => {
      const vera = await lookedAtBy('vera', '?lang=zh&theme=dark')
      const olga = await lookedAtBy('olga')
      await olga.click('[data-verb=rollback]')
      await olga.fill('.asking input', 'customers complain')
      await olga.click('.asking .act')
      await olga.waitForSelector('.trail li:has-text("customers complain")')
      await vera.waitForSelector('.trail li:has-text("customers complain")')
      await path.hours(1)
      await vera.waitForSelector('.badge:has-text("rolled-back")')
      expect(path.registry.alias('stable')?.version).toBe(path.stable)
      await Promise.all([vera.close(), olga.close()])
    })

    test('and nothing was complained of', () => {
      expect(complaints).toEqual([])
    })
  },
)
