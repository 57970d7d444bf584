import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aedes } from 'aedes'
import { connectAsync } from 'mqtt'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { NOW_MS, type Opened, openHere } from '../server/server.fixture.ts'
import { type Adapter, openMqtt, withTopic } from './mqtt.ts'

let here: Opened
let broker: Aedes
let url: string
let stopBroker: () => Promise<void>
let adapter: Adapter | null = null
const troubles: Error[] = []
const from = (): Promise<Adapter> => openMqtt({ url, accept: here.twin.accept, onTrouble: (error) => void troubles.push(error) })

beforeEach(async () => {
  here = await openHere()
  broker = await Aedes.createBroker()
  const server = createServer(broker.handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  url = `mqtt://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  stopBroker = async () => {
    await new Promise<void>((done) => broker.close(done))
    await new Promise((done) => server.close(done))
  }
  troubles.length = 0
})
afterEach(async () => {
  await adapter?.close()
  adapter = null
  await stopBroker()
  await here.close()
})

const MOSQUITTO = '/usr/sbin/mosquitto'
const TOPIC = 'orrery/probe-3/temperature/site'
const reading = (celsius: number, at = new Date(NOW_MS).toISOString()): string =>
  JSON.stringify({ at, device: 'probe-3', warehouse: 'recife', temperature: { value: celsius, unit: 'Cel' } })

test('a device that tells its temperature in a few words is heard, and the broker learns of it when it is durable', async () => {
  adapter = await from()
  const device = await connectAsync(url)
  await device.publishAsync(TOPIC, reading(4.5), { qos: 1 })
  const acknowledged = once(broker, 'ack')
  await acknowledged
  expect(here.twin.log.last()).toBe(1)
  expect(here.twin.state.sites()).toMatchObject([{ warehouse: 'recife', temperature: { celsius: 4.5 } }])
  await device.endAsync()
})

test.skipIf(!existsSync(MOSQUITTO))(
  `a broker of another make: what was told while the twin was away is there when it is back (skipped where ${MOSQUITTO} is missing)`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orrery-mosquitto-'))
    const port = await freePort()
    writeFileSync(join(folder, 'mosquitto.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\n`)
    const child = spawn(MOSQUITTO, ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' })
    onTestFinished(async () => {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      rmSync(folder, { recursive: true })
    })
    url = `mqtt://127.0.0.1:${port}`
    await expect.poll(() => answers(port), { timeout: 20_000 }).toBe(true)
    const device = await connectAsync(url)
    adapter = await from()
    await device.publishAsync(TOPIC, reading(4.5), { qos: 1 })
    await expect.poll(() => here.twin.state.sites()).toMatchObject([{ warehouse: 'recife', temperature: { celsius: 4.5 } }])
    await adapter.close()
    for (let i = 0; i < 50; i++) await device.publishAsync(TOPIC, reading(5 + i, new Date(NOW_MS + i).toISOString()), { qos: 1 })
    adapter = await from()
    await expect.poll(() => here.twin.feeds.feeds(NOW_MS)[0].events, { timeout: 10_000 }).toBe(51)
    expect(here.twin.state.sites()).toMatchObject([{ temperature: { celsius: 54 } }])
    await adapter.close()
    adapter = null
    await device.endAsync()
  },
)

test('the same message told twice is one event, and a thousand positions come in without being waited for', async () => {
  adapter = await from()
  const device = await connectAsync(url)
  await device.publishAsync(TOPIC, reading(4), { qos: 1 })
  await device.publishAsync(TOPIC, reading(4), { qos: 1 })
  const position = { at: new Date(NOW_MS).toISOString(), vehicle: 'truck-9', latitude: -8, longitude: -35 }
  for (let i = 0; i < 1000; i++)
    device.publish('orrery/truck-9/positions/vehicle', JSON.stringify({ ...position, longitude: -35 + i / 1000 }), { qos: 0 })
  await device.publishAsync(TOPIC, reading(9, new Date(NOW_MS + 1000).toISOString()), { qos: 1 })
  await expect
    .poll(() => here.twin.feeds.feeds(NOW_MS).map(({ feed, events }) => [feed, events]))
    .toEqual([
      ['temperature', 3],
      ['positions', 1000],
    ])
  expect(await metric('orrery_events_total{outcome="duplicate"}')).toBe(1)
  expect(troubles).toEqual([])
  await device.endAsync()
})

test('what came while the twin was away is there when it is back, and what cannot be used is put aside', async () => {
  adapter = await from()
  await adapter.close()
  const device = await connectAsync(url)
  await device.publishAsync(TOPIC, reading(7), { qos: 1 })
  await device.publishAsync(TOPIC, 'broken', { qos: 1 })
  adapter = await from()
  await expect.poll(() => here.twin.state.sites().length).toBe(1)
  await expect.poll(() => here.twin.quarantine.list({ open: true, limit: 9 }).map(({ from }) => from)).toEqual(['mqtt'])
  await device.endAsync()
})

test('what an event says itself counts more than its topic', () => {
  expect(JSON.parse(withTopic('orrery/a/temperature/site', '{"id":"x","source":"b"}'))).toEqual({
    id: 'x',
    source: 'b',
    feed: 'temperature',
    type: 'site',
  })
})

test('no broker there: said at once, without the password', async () => {
  const broken = openMqtt({ url: 'mqtt://me:secret@127.0.0.1:1', accept: here.twin.accept, onTrouble: () => {} })
  await expect(broken).rejects.toThrow(/no broker that answers/)
  await expect(broken).rejects.not.toThrow(/secret/)
})

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => done(false))
    socket.on('connect', () => {
      socket.destroy()
      done(true)
    })
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((done) => server.close(done))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function metric(name: string): Promise<number> {
  const line = (await here.twin.metrics.text()).split('\n').find((text) => text.startsWith(name))
  return Number(line?.split(' ').at(-1))
}
