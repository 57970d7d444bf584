/** The one door to @platformatic/kafka: events from topics. */
import { Consumer, type Message } from '@platformatic/kafka'
import { InputError } from '../../scenarios/read/problem.ts'
import { asLines, Gatherer } from './gather.ts'
import type { Accept } from './intake.ts'
import type { Adapter } from './mqtt.ts'

/**
 * A message is an event, or lines of them. Its offset is committed when it is durable here, never before: after a crash the last messages
 * come again and are duplicates. Keys and headers are not read.
 */
export type KafkaOptions = {
  /** host:port of brokers. */
  readonly brokers: readonly string[]
  readonly topics: readonly string[]
  /** Consumers of one group share the partitions. */
  readonly group?: string
  readonly accept: Accept
  readonly onTrouble: (error: Error) => void
}

/** Messages whose durability may be waited for at a time. */
const AHEAD = 4000
const COMMIT_MS = 200

export async function openKafka(options: KafkaOptions): Promise<Adapter> {
  const { brokers, topics, group = 'orrery-twin', accept, onTrouble } = options
  const consumer = new Consumer<string, string, string, string>({
    groupId: group,
    clientId: 'orrery',
    bootstrapBrokers: [...brokers],
    deserializers: { value: (value) => (value === undefined ? '' : value.toString('utf8')) },
    autocommit: false,
    maxWaitTime: 100,
    sessionTimeout: 30_000,
    heartbeatInterval: 3000,
  })
  const stream = await consumer
    .consume({ topics: [...topics], mode: 'committed', fallbackMode: 'earliest', autocommit: false })
    .catch(async (error: Error) => {
      await consumer.close(true).catch(() => {})
      const fix = 'start the broker, make the topic, or correct the names'
      const found = `no broker or topic that answers (${error.message})`
      throw new InputError([{ file: brokers.join(','), line: null, field: 'kafka', found, fix }])
    })
  const gathered = new Gatherer(accept, 'kafka', onTrouble)
  // The last durable message of each partition: committing it commits those before it.
  const durable = new Map<string, Message<string, string, string, string>>()
  let waiting = 0
  let closing = false
  let goOn: (() => void) | null = null

  // One after the other: a close must not overtake the commit that is under way.
  let committing = Promise.resolve()
  const commit = (): Promise<void> => {
    committing = committing.then(async () => {
      const last = [...durable.values()]
      durable.clear()
      for (const message of last) await Promise.resolve(message.commit()).catch(onTrouble)
    })
    return committing
  }
  const timer = setInterval(() => void commit(), COMMIT_MS)
  const reading = (async () => {
    for await (const message of stream) {
      if (closing) break
      const lines = asLines(message.value)
      waiting++
      const stored = lines === '' ? Promise.resolve() : gathered.add(lines)
      // Bodies are stored one after the other, so messages become durable in the order they came in.
      stored.then(
        () => {
          durable.set(`${message.topic}/${message.partition}`, message)
          waiting--
          goOn?.()
        },
        (error: Error) => onTrouble(error),
      )
      if (waiting < AHEAD) continue
      await new Promise<void>((done) => {
        goOn = done
      })
      goOn = null
    }
  })().catch(onTrouble)

  return {
    close: async () => {
      clearInterval(timer)
      closing = true
      await gathered.close()
      await commit()
      await stream.close()
      await consumer.close(true)
      await reading
    },
  }
}
