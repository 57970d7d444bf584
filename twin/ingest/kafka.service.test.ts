import { Producer, stringSerializers } from '@platformatic/kafka'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NOW_MS, openHere, placed, scan } from '../server/server.fixture.ts'
import { openKafka } from './kafka.ts'
import { type Broker, startBroker, whyNoBroker } from './kafka-broker.fixture.ts'

const reason = whyNoBroker()
const TOPIC = 'orrery-events'

describe.skipIf(reason !== null)(`Kafka, a real broker (skipped where ${reason ?? 'there is no broker'})`, () => {
  let broker: Broker
  let producer: Producer<string, string, string, string>
  beforeAll(async () => {
    broker = await startBroker(TOPIC)
    producer = new Producer({ clientId: 'tests', bootstrapBrokers: [broker.address], serializers: stringSerializers })
  }, 120_000)
  afterAll(async () => {
    await producer?.close()
    await broker?.stop()
  })
  const produce = (values: readonly string[]) =>
    producer.send({ messages: values.map((value, i) => ({ topic: TOPIC, key: `k-${i}`, value })) })

  test('messages are durable before their offsets are committed; a consumer that comes again goes on where it was', async () => {
    const here = await openHere()
    const troubles: Error[] = []
    const from = () =>
      openKafka({
        brokers: [broker.address],
        topics: [TOPIC],
        accept: here.twin.accept,
        onTrouble: (error) => void troubles.push(error),
      })
    await produce(Array.from({ length: 500 }, (_, i) => JSON.stringify(placed(`p-${i}`, { order: `A-${i}` }))))
    await produce([
      `${JSON.stringify(scan('s-1'))}\n${JSON.stringify(scan('s-2'))}`,
      JSON.stringify(placed('p-x'), null, 2),
      'broken',
    ])
    const first = await from()
    const eventsOf = (feed: string) => here.twin.feeds.feeds(NOW_MS).find((one) => one.feed === feed)?.events ?? 0
    await expect.poll(() => eventsOf('orders'), { timeout: 20_000 }).toBe(501)
    await expect.poll(() => eventsOf('scans')).toBe(2)
    await expect.poll(() => here.twin.quarantine.list({ open: true, limit: 9 }).length).toBe(1)
    await first.close()

    await produce([JSON.stringify(scan('s-3'))])
    const second = await from()
    await expect.poll(() => eventsOf('scans'), { timeout: 20_000 }).toBe(3)
    await second.close()
    // Nothing of the first 503 messages was told again.
    expect(eventsOf('orders')).toBe(501)
    expect(troubles).toEqual([])
    await here.close()
  }, 60_000)
})

test('no broker there: said, and what would do', async () => {
  const accept = async () => {
    throw new Error('not called')
  }
  const broken = openKafka({ brokers: ['127.0.0.1:1'], topics: ['x'], accept, onTrouble: () => {} })
  await expect(broken).rejects.toThrow(/no broker or topic that answers/)
}, 30_000)
