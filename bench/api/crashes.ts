import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Decision } from '../../twin/decide/decision.ts'
import { decisionsSince } from '../../twin/decide/decision-log.ts'
import { readSqliteLog } from '../../twin/log/sqlite.ts'
import { smallWorld } from '../small-world.ts'
import { cutDisks } from '../twin/power-cut.ts'
import { type Manner, type PlaneApart, planeApart } from './plane-apart.ts'

export type DecisionLosses = {
  /** Decisions that were answered over HTTP. */
  readonly answered: number
  /** Answered, and not in the log, or another one there. */
  readonly lost: number
  /** Keys with more than one decision. */
  readonly doubled: number
  /** Shelves of which more was promised than there was, units. */
  readonly oversold: number
  /** Asked again after a crash, with the same key. */
  readonly askedAgain: number
  /** Of those that had been answered before it: with other bytes. */
  readonly answeredDifferently: number
  /** What the chain of hashes says, or null. */
  readonly flaw: string | null
}

type Ending = (plane: PlaneApart) => Promise<void>
type Body = { readonly key: string; readonly text: string }

const SPEC = smallWorld()
/** Of each article in each warehouse: soon sold out, so that the last unit is fought for in every round. */
const UNITS = 120
const CONNECTIONS = 8
const BATCH = 20
const THREADS = 2
/** Of so many rounds one ends whatever has been answered. */
const EARLY = 4
const FLOWS_MS = 30_000
const PROMISED = new Date(Date.now() + 8 * 86_400_000).toISOString()

const killed: Ending = (plane) => plane.stop('SIGKILL')

/**
 * A data plane is ended under load again and again, on the same log. What got no answer is asked again, with the same key, of the next one, and some of
 * what was answered too. In the end the log is held against all answers, and what was promised against what there was.
 */
export async function crashRounds(
  rounds: number,
  manner: Manner,
  onRound: (round: number, answered: number) => void,
): Promise<DecisionLosses> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-api-kill-'))
  const load = new Load()
  try {
    for (let round = 0; round < rounds; round++) {
      await playRound(folder, round, manner, load, killed)
      onRound(round, load.answers.size)
    }
    return await heldAgainst(join(folder, 'decisions.db'), load)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same by cuts of the power, each on a disk of its own. */
export async function powerCutsUnderLoad(
  rounds: number,
  manner: Manner,
  onRound: (round: number, answered: number) => void,
): Promise<DecisionLosses> {
  const sum = {
    answered: 0,
    lost: 0,
    doubled: 0,
    oversold: 0,
    askedAgain: 0,
    answeredDifferently: 0,
    flaw: null as string | null,
  }
  await cutDisks(
    rounds,
    async (disk, round, cut) => {
      const load = new Load()
      await playRound(disk, round, manner, load, (plane) => cut(plane.child))
      return load
    },
    async (disk, round, load) => {
      // Where nothing was flushed there may be no log at all.
      const found = await lookedAt(join(disk, 'decisions.db'), load)
      sum.answered += found.answered
      sum.lost += found.lost
      sum.doubled += found.doubled
      sum.oversold += found.oversold
      sum.askedAgain += found.askedAgain
      sum.answeredDifferently += found.answeredDifferently
      sum.flaw ??= found.flaw
      onRound(round, sum.answered)
    },
  )
  return sum
}

async function lookedAt(file: string, load: Load): Promise<DecisionLosses> {
  try {
    return await heldAgainst(file, load)
  } catch (error) {
    const { askedAgain, answeredDifferently, answers } = load
    const none = { doubled: 0, oversold: 0, askedAgain, answeredDifferently }
    return { ...none, answered: answers.size, lost: answers.size, flaw: `the log cannot be opened: ${(error as Error).message}` }
  }
}

async function playRound(folder: string, round: number, manner: Manner, load: Load, end: Ending): Promise<void> {
  const plane = await planeApart({ folder, network: 'small', units: UNITS, threads: THREADS, manner, policy: 'live-greedy' })
  const sending = load.until(plane)
  // Most rounds end while answers flow, however slow the machine is; some while the first are still on their way.
  if (round % EARLY !== 0) await load.flows()
  // Moments spread over a whole round, the same ones for each run of the command.
  await setTimeout(30 + ((round * 7919) % 400))
  load.ending = true
  await end(plane)
  await sending
}

/** Asks for decisions of orders that nobody has asked for yet, after what was asked and not answered, and remembers each answer. */
class Load {
  /** Answers by key. */
  readonly answers = new Map<string, string>()
  ending = false
  askedAgain = 0
  answeredDifferently = 0
  private unheard: Body[][] = []
  private sent = 0
  private onHeard: () => void = () => {}

  /** Resolves with the next answer, or when it is given up. */
  async flows(): Promise<void> {
    const late = new AbortController()
    const heard = new Promise<void>((done) => {
      this.onHeard = done
    })
    await Promise.race([heard, setTimeout(FLOWS_MS, undefined, { signal: late.signal }).catch(() => {})])
    late.abort()
  }

  /** Keeps a plane busy until it is gone: half of the connections ask for one order at a time, the others for batches. */
  async until({ port }: PlaneApart): Promise<void> {
    this.ending = false
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
    const again = this.unheard
    this.unheard = []
    this.askedAgain += again.flat().length
    // Whoever asks again for what he had gets the same bytes.
    const had = [...this.answers.keys()].slice(-CONNECTIONS).map((key) => [bodyOf(Number(key.slice(6)))])
    const waiting = [...again, ...had]
    const one = async (batch: number): Promise<void> => {
      for (;;) {
        const bodies = waiting.pop() ?? Array.from({ length: batch }, () => bodyOf(this.sent++))
        if (!(await this.ask(agent, port, bodies))) {
          this.unheard.push(bodies)
          return
        }
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => one(i % 2 === 0 ? 1 : BATCH)))
    this.unheard.push(...waiting.filter((bodies) => !had.includes(bodies)))
    agent.destroy()
  }

  /** Whether all were answered. */
  private async ask(agent: Agent, port: number, bodies: readonly Body[]): Promise<boolean> {
    const isOne = bodies.length === 1
    const path = isOne ? '/v1/decisions' : '/v1/decisions:batch'
    const text = isOne ? bodies[0].text : `[${bodies.map((body) => body.text).join(',')}]`
    try {
      const { status, body } = await post(agent, port, path, text)
      // Turned away, or it is about to end: nothing was decided.
      if (status === 429 || status === 503) {
        await setTimeout(5)
        return this.ending ? false : this.ask(agent, port, bodies)
      }
      if (status !== 200) throw new Error(`status ${status}: ${body}`)
      if (isOne) this.heard(bodies[0].key, body)
      else {
        const { results } = JSON.parse(body) as { results: { status: number; body: unknown }[] }
        results.forEach((result, i) => {
          if (result.status === 200) this.heard(bodies[i].key, JSON.stringify(result.body))
          else if (result.status !== 429 && result.status !== 503) throw new Error(`status ${result.status} in a batch: ${body}`)
          else this.unheard.push([bodies[i]])
        })
      }
      return true
    } catch (error) {
      if (this.ending) return false
      throw error
    }
  }

  private heard(key: string, answer: string): void {
    const before = this.answers.get(key)
    if (before !== undefined && before !== answer) this.answeredDifferently++
    this.answers.set(key, answer)
    this.onHeard()
  }
}

function bodyOf(number: number): Body {
  const key = `order:${number}`
  const request = {
    idempotencyKey: key,
    order: {
      orderId: `O-${number}`,
      shipTo: { zone: SPEC.zones[number % SPEC.zones.length].id },
      promise: { deliverBy: PROMISED },
      lines: [
        { sku: SPEC.skus[number % SPEC.skus.length].id, qty: 1 },
        ...(number % 3 === 0 ? [{ sku: SPEC.skus[(number + 3) % SPEC.skus.length].id, qty: 2 }] : []),
      ],
    },
  }
  return { key, text: JSON.stringify(request) }
}

function post(agent: Agent, port: number, path: string, text: string): Promise<{ status: number; body: string }> {
  return new Promise((done, fail) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const asked = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        body += piece
      })
      response.on('end', () => done({ status: response.statusCode ?? 0, body }))
      response.on('error', fail)
    })
    asked.on('error', fail)
    asked.end(text)
  })
}

/** What the log says, against what was answered and what there was to promise. */
async function heldAgainst(file: string, load: Load): Promise<DecisionLosses> {
  const flaw = flawIn(file)
  const decisions: Decision[] = []
  for await (const some of decisionsSince(file, 0)) decisions.push(...some)
  return {
    answered: load.answers.size,
    ...lossesIn(decisions, load.answers),
    askedAgain: load.askedAgain,
    answeredDifferently: load.answeredDifferently,
    flaw,
  }
}

function flawIn(file: string): string | null {
  const log = readSqliteLog(file)
  try {
    const links = log.verify()
    let link = links.next()
    while (!link.done) link = links.next()
    return link.value === null ? null : `entry ${link.value.entry}: ${link.value.what}`
  } finally {
    log.close()
  }
}

export function lossesIn(
  decisions: readonly Decision[],
  answers: ReadonlyMap<string, string>,
): Pick<DecisionLosses, 'lost' | 'doubled' | 'oversold'> {
  const byKey = new Map<string, Decision[]>()
  const promised = new Map<string, number>()
  for (const decision of decisions) {
    byKey.set(decision.key, [...(byKey.get(decision.key) ?? []), decision])
    for (const { warehouse, lines } of decision.shipments)
      for (const { sku, units } of lines) {
        const shelf = `${warehouse} ${sku}`
        promised.set(shelf, (promised.get(shelf) ?? 0) + units)
      }
  }
  let lost = 0
  for (const [key, answer] of answers) {
    const { decisionId } = JSON.parse(answer) as { decisionId: string }
    if (byKey.get(key)?.[0].id !== decisionId) lost++
  }
  const over = [...promised.values()].map((units) => Math.max(0, units - UNITS))
  return {
    lost,
    doubled: [...byKey.values()].filter((some) => some.length > 1).length,
    oversold: over.reduce((sum, units) => sum + units, 0),
  }
}
