import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { fidelityOf } from '../fidelity.ts'
import { loadNetwork } from '../read/network.ts'
import { readOrders } from '../read/orders.ts'
import { importOrders } from './import.ts'

const dir = fileURLToPath(new URL('../../../shared/data/olist', import.meta.url))
const has = existsSync(join(dir, 'orders.csv'))

test.skipIf(!has)('Olist imports with its known shape and loses no row (needs ../shared/data/olist)', async () => {
  const out = join(mkdtempSync(join(tmpdir(), 'orrery-olist-')), 'olist')
  const report = await importOrders({ kind: 'olist', dir }, { out })
  for (const { rowsRead, clean, kept, repaired, blanked, dropped } of report.tables)
    expect(clean + kept + repaired + blanked + dropped).toBe(rowsRead)
  const counts = Object.fromEntries(report.dirt.map(({ table, kind, rows }) => [`${table}: ${kind}`, rows]))
  expect(counts['orders.csv: handed over before it was approved']).toBe(297)
  expect(counts['orders.csv: never arrived']).toBe(115)
  // Known figures of the whole data set; the sample leaves three troubled windows out, so it is a little quicker and less late.
  const { shape, measured } = report
  expect(shape.totalDays.p50).toBeGreaterThan(9)
  expect(shape.totalDays.p50).toBeLessThan(11)
  expect(shape.lateShare).toBeGreaterThan(0.04)
  expect(shape.lateShare).toBeLessThan(0.09)
  expect(shape.byKm[0].p50).toBeCloseTo(2, 0)
  expect(measured.freight?.law.base).toBeCloseTo(8.72, 0)
  expect(measured.freight?.r2).toBeCloseTo(0.556, 1)
  expect(measured.transit?.plain.slope).toBeCloseTo(0.424, 1)
  expect(measured.transit?.plain.r2).toBeCloseTo(0.416, 1)
  expect(report.gaps).toEqual(expect.arrayContaining([{ from: '2018-02-12', to: '2018-04-09' }]))

  const { spec } = await loadNetwork(out)
  expect(spec.warehouses).toHaveLength(12)
  expect(spec.services[0].departures.flatMap((departure) => departure.days)).not.toContain('sun')
  const { orders, rowsRead, remarks } = await readOrders(join(out, 'orders.csv'), spec)
  const leftOut = remarks.filter(({ done }) => done.startsWith('left out')).reduce((sum, { rows }) => sum + rows, 0)
  expect(orders.count + leftOut).toBe(rowsRead)
  const mirror = fidelityOf(orders, [orders.recorded], spec)
  for (const { recorded, simulated } of mirror.stages) expect(simulated).toEqual(recorded)
})
