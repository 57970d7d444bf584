import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import { loadPolicy, policyFile } from '../../policies/catalog.ts'
import { policyCode } from '../../scenarios/bundle.ts'
import { type Book, openBook } from '../book/book.ts'
import { openSqliteLog } from '../log/sqlite.ts'
import { type FullRegistry, openRegistry } from './registry.ts'
import { policyOf, rulesOf } from './run.ts'
import { openSigner } from './signing.ts'
import { openContentStore } from './store.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')
const noFit = { data: null, training: null } as const
let folder: string
let book: Book
let clockMs: number

const reopen = async (key: string | undefined = KEY, trusted?: string): Promise<FullRegistry> => {
  await book?.close().catch(() => {})
  book = await openBook(await openSqliteLog(join(folder, 'book.db')), () => clockMs++)
  return openRegistry({
    book,
    store: openContentStore(join(folder, 'store')),
    signer: openSigner(key, trusted),
    network: smallWorld(),
  })
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-registry-'))
  clockMs = 1000
})
afterEach(async () => {
  await book.close().catch(() => {})
  rmSync(folder, { recursive: true, force: true })
})

describe('versions', () => {
  test('the same thing again is the same version, however its knobs are written; a knob turned is another', async () => {
    const registry = await reopen()
    const first = await registry.register('cheapest', 'ines')
    expect(first.id).toBe(`routing/cheapest@${first.digest.slice(0, 12)}`)
    expect(await registry.register('routing/cheapest', 'bo')).toEqual(first)
    const knob = Object.entries((await loadPolicy('routing', 'live-greedy')).params)[0]
    const greedy = await registry.register('live-greedy', 'ines')
    expect(await registry.register(`live-greedy:${knob[0]}=${knob[1]}`, 'ines')).toEqual(greedy)
    const turned = await registry.register(`live-greedy:${knob[0]}=${knob[1] + 1}`, 'ines')
    expect(turned.source).toBe(greedy.source)
    expect(turned.digest).not.toBe(greedy.digest)
    expect(book.last()).toBe(3)
  })

  test('they are read again from the book, with who registered them', async () => {
    const registry = await reopen()
    const made = await registry.register('cheapest', 'ines', 'c'.repeat(64))
    expect(made).toMatchObject({ who: 'ines', certificate: 'c'.repeat(64) })
    expect((await reopen()).versions()).toEqual([made])
  })

  test('a certificate that comes later does not make another version of it', async () => {
    const registry = await reopen()
    const plain = await registry.register('cheapest', 'ines')
    const told = await registry.register('cheapest', 'bo', 'd'.repeat(64))
    expect(told).toEqual({ ...plain, certificate: 'd'.repeat(64) })
  })

  test('the kept text of a policy holds no place of this machine', async () => {
    const registry = await reopen()
    const { id } = await registry.register('bid-price', 'ines')
    const { text } = registry.runnable(id)
    for (const place of [process.cwd(), 'file:', '#region', 'node_modules']) expect(text.includes(place), place).toBe(false)
  })

  test('an old version runs as it was registered, whatever has become of its file', async () => {
    const registry = await reopen()
    const now = await registry.register('cheapest', 'ines')
    // The file as it may have been last year, when somebody registered it.
    const change = { file: policyFile('routing/cheapest'), from: '=> option.costCents +', to: '=> option.costCents * 2 +' }
    const lastYear = await registry.registerContent(
      { ...noFit, kind: 'routing', name: 'cheapest', params: now.params, text: await policyCode('routing/cheapest', change) },
      'ines',
    )
    expect(lastYear.source).not.toBe(now.source)
    const again = await reopen()
    const old = await policyOf('routing', again.runnable(lastYear.id))
    const option = { costCents: 700, co2Grams: 0 } as Parameters<typeof old.price>[0]
    expect(old.price(option, old.params)).toBe(1400)
    const today = await policyOf('routing', again.runnable(now.id))
    const file = await loadPolicy('routing', 'cheapest')
    expect(today.about).toBe(file.about)
    expect([today, file].map((one) => one.price(option, one.params))).toEqual([700, 700])
  })

  test('rules are kept as they were compiled, to the last column', async () => {
    const registry = await reopen()
    const file = join(folder, 'own.yaml')
    const [{ id: warehouse }] = smallWorld().warehouses
    writeFileSync(
      file,
      `name: Own\nabout: One house first.\nrules:\n  - name: first\n    nodes: { only: [${warehouse}] }\n    otherwise: next\n`,
    )
    const { loadRules } = await import('../../scenarios/rules/load-rules.ts')
    const { id } = await registry.register(`rules:${file}`, 'ines')
    const { compiled } = loadRules(file, smallWorld())
    rmSync(file)
    expect(rulesOf((await reopen()).runnable(id))).toEqual(compiled)
  })

  test('a scenario is kept as it was read', async () => {
    const registry = await reopen()
    const { id, kind } = await registry.register('scenario:peak-sale+storm', 'ines')
    expect(kind).toBe('scenario')
    expect(JSON.parse(registry.runnable(id).text).name).toMatch(/\+/)
  })

  test('a text that somebody changed in the store is not run', async () => {
    const registry = await reopen()
    const { id, source } = await registry.register('cheapest', 'ines')
    const file = join(folder, 'store', source.slice(0, 2), source)
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n// harmless`)
    expect(() => registry.runnable(id)).toThrow(/somebody changed it/)
    expect(readdirSync(join(folder, 'store', source.slice(0, 2)))).toEqual([source])
  })

  test('what is no single thing is refused, with what would do', async () => {
    const registry = await reopen()
    await expect(registry.register('cheapest+smoothed', 'ines')).rejects.toThrow(/register each/)
    await expect(registry.register('cheepest', 'ines')).rejects.toThrow(/did you mean `cheapest`/)
    await expect(registry.point('stable', 'routing/none@123', 'ines', 0)).rejects.toThrow(/no version of this id/)
  })
})

describe('aliases', () => {
  const three = async (registry: FullRegistry) =>
    Promise.all(['cheapest', 'nearest', 'earliest-eta'].map((words) => registry.register(words, 'ines')))

  test('one is moved by whoever saw it last, and by nobody else', async () => {
    const registry = await reopen()
    const [a, b] = await three(registry)
    const first = await registry.point('stable', a.id, 'ines', 0)
    expect(await registry.point('stable', b.id, 'bo', 0)).toBeNull()
    expect(registry.alias('stable')).toEqual(first)
    const [one, other] = await Promise.all([
      registry.point('stable', b.id, 'bo', first?.seq ?? 0),
      registry.point('stable', b.id, 'ana', first?.seq ?? 0),
    ])
    expect([one?.who, other]).toEqual(['bo', null])
  })

  test('an entry about something else, written meanwhile, does not stand in its way', async () => {
    const registry = await reopen()
    const [a] = await three(registry)
    const [, alias] = await Promise.all([
      book.append({ who: 'x', about: 'rollout:r', type: 'rollout.held', body: {} }),
      registry.point('stable', a.id, 'ines', 0),
    ])
    expect(alias?.version).toBe(a.id)
  })

  test('steps back lead where it came from, one by one, and never forward again', async () => {
    const registry = await reopen()
    const versions = await three(registry)
    let seq = 0
    for (const { id } of versions) seq = (await registry.point('stable', id, 'ines', seq))?.seq ?? 0
    const told: string[] = []
    registry.onMoved(({ version }) => told.push(version))
    const once = await registry.back('stable', 'bo', seq)
    expect(once).toMatchObject({ version: versions[1].id, previous: versions[0].id, who: 'bo' })
    expect(await registry.back('stable', 'bo', seq)).toBeNull()
    const twice = await registry.back('stable', 'bo', once?.seq ?? 0)
    expect(twice).toMatchObject({ version: versions[0].id, previous: null })
    await expect((async () => registry.back('stable', 'bo', twice?.seq ?? 0))()).rejects.toThrow(/nothing it was moved from/)
    expect(told).toEqual([versions[1].id, versions[0].id])
    expect((await reopen()).alias('stable')).toEqual(twice)
  })

  test('a step back is durable and told in well under a second', async () => {
    const registry = await reopen()
    const [a, b] = await three(registry)
    let alias = await registry.point('stable', a.id, 'ines', 0)
    const tookMs: number[] = []
    for (let i = 0; i < 10; i++) {
      alias = await registry.point('stable', b.id, 'ines', alias?.seq ?? 0)
      const startedMs = performance.now()
      let told = Number.NaN
      const quiet = registry.onMoved(() => {
        told = performance.now() - startedMs
      })
      alias = await registry.back('stable', 'bo', alias?.seq ?? 0)
      quiet()
      // And the version it leads to can be run at once.
      await policyOf('routing', registry.runnable(alias?.version ?? ''))
      tookMs.push(Math.max(told, performance.now() - startedMs))
    }
    expect(Math.max(...tookMs)).toBeLessThan(1000)
  })

  test('it is followed only where its signature holds, by a key that is trusted', async () => {
    const registry = await reopen()
    const [a] = await three(registry)
    await registry.point('stable', a.id, 'ines', 0)
    const { publicKey } = registry.signer
    const other = randomBytes(32).toString('base64')
    await expect(reopen(other)).rejects.toThrow(/not trusted here/)
    await expect(reopen('')).rejects.toThrow(`ORRERY_TRUSTED_KEYS=${publicKey}`)
    expect((await reopen(other, publicKey)).alias('stable')?.version).toBe(a.id)
    // Somebody who can write to the book, but has no key.
    const { body } = book.entries().at(-1) as { body: Record<string, unknown> }
    const forged = { ...body, version: 'routing/other@1', expected: book.last() }
    await book.append({ who: 'eve', about: 'alias:stable', type: 'alias.moved', body: forged })
    await expect(reopen()).rejects.toThrow(/signature that does not hold/)
  })

  test('an old move cannot be played again', async () => {
    const registry = await reopen()
    const [a, b] = await three(registry)
    const first = await registry.point('stable', a.id, 'ines', 0)
    await registry.point('stable', b.id, 'ines', first?.seq ?? 0)
    const { who, about, type, body } = book.entries()[(first?.seq ?? 0) - 1]
    await book.append({ who, about, type, body })
    await expect(reopen()).rejects.toThrow(/was moved before|played again/)
  })

  test('whoever guards stable is asked before it moves', async () => {
    await reopen()
    const registry = openRegistry({
      book,
      store: openContentStore(join(folder, 'store')),
      signer: openSigner(KEY),
      guard: ({ under }) => {
        if (under === null) throw new Error('alone')
      },
    })
    const { id } = await registry.register('cheapest', 'ines')
    await expect((async () => registry.point('stable', id, 'ines', 0))()).rejects.toThrow('alone')
    expect(registry.alias('stable')).toBeNull()
    expect((await registry.point('stable', id, 'ines', 0, 'q-1'))?.version).toBe(id)
  })
})

test('keys that are none are refused without telling what was there', () => {
  expect(() => openSigner('a secret that is no key')).toThrow(/Ed25519/)
  expect(() => openSigner('a secret that is no key')).not.toThrow(/a secret/)
  expect(openSigner(KEY).keyId).toBe(openSigner(Buffer.alloc(32, 7).toString('hex')).keyId)
  expect(openSigner(undefined).isFresh).toBe(true)
})
