/** The one door to mqtt: events of devices, such as positions and temperatures, from a broker. */
import { createHash } from 'node:crypto'
import { connect, type IClientOptions } from 'mqtt'
import { InputError } from '../../scenarios/read/problem.ts'
import { asLines, Gatherer } from './gather.ts'
import type { Accept } from './intake.ts'

/**
 * Messages on `orrery/SOURCE/FEED/TYPE`. The payload is an event; the four fields that the topic says may be left out of it, and the id too: then
 * it is made of topic and payload, so that a message that is told again is the same event. With QoS 1 the broker hears of a message when
 * it is durable, one after the other; with QoS 0 messages are gathered, and what a crash takes is gone, as QoS 0 says.
 */
export type MqttOptions = {
  /** mqtt://user:password@host:1883 */
  readonly url: string
  readonly accept: Accept
  readonly onTrouble: (error: Error) => void
  /** Under this name the broker keeps what comes while the twin is away. */
  readonly clientId?: string
}

const PREFIX = 'orrery'
export type Adapter = { close(): Promise<void> }

export async function openMqtt({ url, accept, onTrouble, clientId = 'orrery-twin' }: MqttOptions): Promise<Adapter> {
  const gathered = new Gatherer(accept, 'mqtt', onTrouble)
  const options: IClientOptions = { clientId, clean: false, reconnectPeriod: 1000, connectTimeout: 10_000, manualConnect: true }
  const client = connect(addressOf(url), options)
  // Before it connects: the broker sends what it has kept at once, and what nobody handles is taken for handled.
  client.handleMessage = (packet, done) => {
    const stored = gathered.add(withTopic(packet.topic, packet.payload.toString()))
    if (packet.qos > 0) {
      stored.then(() => done(), done)
      return
    }
    stored.catch(onTrouble)
    done()
  }
  await new Promise<void>((done, fail) => {
    client.once('connect', () => done())
    client.once('error', fail)
    client.connect()
  }).catch(async (error: Error) => {
    await client.endAsync(true)
    const found = `no broker that answers (${error.message})`
    throw new InputError([
      { file: hidden(url), line: null, field: 'mqtt', found, fix: 'start the broker, or correct the address' },
    ])
  })
  client.on('error', onTrouble)
  await client.subscribeAsync(`${PREFIX}/#`, { qos: 1 })
  return {
    close: async () => {
      await client.endAsync(false)
      await gathered.close()
    },
  }
}

/** The event with what its topic says of it, where it does not say so itself. */
export function withTopic(topic: string, payload: string): string {
  const [, source, feed, type] = topic.split('/')
  let event: unknown
  try {
    event = JSON.parse(payload)
  } catch {
    return asLines(payload)
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event) || type === undefined) return asLines(payload)
  const id = createHash('sha256').update(`${topic}\n${payload}`).digest('hex').slice(0, 24)
  return JSON.stringify({ id: `mqtt-${id}`, source, feed, type, ...event })
}

function addressOf(url: string): string {
  if (/^(mqtts?|wss?):\/\//.test(url)) return url
  const fix = 'write mqtt://127.0.0.1:1883'
  throw new InputError([{ file: 'serve', line: null, field: '--mqtt', found: `"${hidden(url)}"`, fix }])
}

/** The address without its password. */
const hidden = (url: string): string => url.replace(/\/\/[^/@]*@/, '//…@')
