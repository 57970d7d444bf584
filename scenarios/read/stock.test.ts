import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NetworkSpec, StockSpec } from '../../sim/network-spec.ts'
import { healthy } from '../doctor/healthy.fixture.ts'
import { examine } from '../doctor.ts'
import { writeNetwork } from '../import/write-network.ts'
import { loadNetwork } from './network.ts'
import { InputError } from './problem.ts'

let folder = ''
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'orrery-stock-')), 'network')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

const write = (spec: NetworkSpec): Promise<void> => writeNetwork(folder, { spec, sources: {}, head: [], others: {} })
const counted: StockSpec[] = [
  { warehouse: 'north', sku: 'tea', units: 140 },
  { warehouse: 'south', sku: 'pot', units: 0 },
]

test('a count of stock is written beside the network, read again as it was, and gone when the network is written without one', async () => {
  await write({ ...healthy(), openingStock: counted })
  expect((await loadNetwork(folder)).spec.openingStock).toEqual(counted)
  await write(healthy())
  expect((await loadNetwork(folder)).spec.openingStock).toBeUndefined()
})

test('a unit and a half on a shelf is told by line', async () => {
  await write({ ...healthy(), openingStock: counted })
  writeFileSync(join(folder, 'stock.csv'), 'warehouse,sku,units\nnorth,tea,140\nsouth,pot,1.5\n')
  const error = await loadNetwork(folder).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(InputError)
  expect((error as InputError).problems[0]).toMatchObject({ line: 3, field: 'units' })
})

describe('what is wrong with a count is found before a run', () => {
  test.each<[string, StockSpec[], string, RegExp]>([
    ['a warehouse nobody knows', [{ warehouse: 'nroth', sku: 'tea', units: 1 }], 'warehouse', /unknown warehouse `nroth`/],
    ['an article nobody knows', [{ warehouse: 'north', sku: 'tee', units: 1 }], 'sku', /unknown article `tee`/],
    ['a shelf counted twice', [counted[0], counted[0]], 'sku', /`north tea` a second time/],
    ['fewer than none', [{ ...counted[0], units: -3 }], 'units', /-3/],
    ['more than anybody has', [{ ...counted[0], units: 2e9 }], 'units', /2000000000/],
    ['an article where it may not be', [{ warehouse: 'south', sku: 'tea', units: 4 }], 'warehouse', /held only at north/],
  ])('%s', async (_, openingStock, field, found) => {
    const spec = healthy()
    const skus = [{ ...spec.skus[0], heldAt: ['north'] }, spec.skus[1]]
    const findings = examine({ folder: 'nowhere', spec: { ...spec, skus, openingStock } }, [])
    const errors = findings.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ problem }) => problem.field)).toContain(field)
    expect(errors.map(({ problem }) => problem.found).join('\n')).toMatch(found)
  })

  test('the line of a shelf is found in the file', async () => {
    const spec = { ...healthy(), openingStock: [counted[1], { warehouse: 'north', sku: 'tee', units: 1 }] }
    await write(spec)
    const [{ problem }] = examine({ folder, spec }, [])
    expect(problem).toMatchObject({ line: 3, field: 'sku' })
    expect(problem.file).toMatch(/stock\.csv$/)
  })

  test('a round of vans at a time that has one already, and a journey that takes no time', () => {
    const spec = healthy()
    const delivery = { ...spec.delivery, rounds: ['14:00', '08:00'] }
    const services = spec.services.map((one) => ({ ...one, transit: { ...one.transit, steady: { fixed: 0, perKm: 0 } } }))
    const fields = examine({ folder: 'nowhere', spec: { ...spec, delivery, services } }, []).map(({ problem }) => problem.field)
    expect(fields).toContain('delivery.rounds[1]')
    expect(fields).toContain('services[0].transit.steady.fixed')
  })
})
