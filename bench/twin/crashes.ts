import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Losses, lossesOf } from './written.ts'

export type Manner = 'durable' | 'unflushed' | 'early'
/** How the writer is ended: `kill -9`, or as if the power went. */
export type Cut = (writer: ChildProcess) => Promise<void>

const WRITER = new URL('./log-writer.ts', import.meta.url).pathname

const killed: Cut = async (writer) => {
  const gone = new Promise((done) => writer.once('exit', done))
  writer.kill('SIGKILL')
  await gone
}

/** Lets a writer write for a while, ends it, and says what it had acknowledged up to then: whole lines only. */
export async function writtenUntil(file: string, from: number, manner: Manner, forMs: number, cut: Cut): Promise<string[]> {
  const writer = spawn(process.execPath, [WRITER, file, String(from), manner], { stdio: ['ignore', 'pipe', 'pipe'] })
  const pieces: Buffer[] = []
  let complaint = ''
  writer.stderr.on('data', (piece: Buffer) => {
    complaint += piece.toString()
  })
  const begun = new Promise<void>((done, fail) => {
    writer.stdout.on('data', (piece: Buffer) => {
      pieces.push(piece)
      done()
    })
    writer.once('exit', () => fail(new Error(`the writer ended by itself: ${complaint}`)))
  })
  const piped = new Promise((done) => writer.stdout.once('end', done))
  await begun
  await setTimeout(forMs)
  await cut(writer)
  await piped
  const text = Buffer.concat(pieces).toString()
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => /^\d+ \d+$/.test(line))
}

/** Rounds of `kill -9` at moments of their own, the same log opened again each time; a fresh one every ten. */
export async function killRounds(
  rounds: number,
  manner: Manner,
  onRound: (round: number, losses: Losses) => void,
): Promise<Losses> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-kill-'))
  const sum = noLosses()
  try {
    let acknowledged: string[] = []
    for (let round = 0; round < rounds; round++) {
      if (round % 10 === 0) acknowledged = []
      const file = join(folder, `log-${Math.floor(round / 10)}.db`)
      // Moments spread over a whole round, the same ones for each run of the command.
      const forMs = 20 + ((round * 7919) % 400)
      acknowledged.push(...(await writtenUntil(file, (round % 10) * 10_000_000, manner, forMs, killed)))
      const losses = await lossesOf(file, acknowledged)
      onRound(round, losses)
      if (round % 10 === 9 || round === rounds - 1) add(sum, losses)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return sum
}

type Sum = { -readonly [K in keyof Losses]: Losses[K] }
export const noLosses = (): Sum => ({ acknowledged: 0, lost: 0, doubled: 0, unheard: 0, flaw: null })
export function add(sum: Sum, losses: Losses): void {
  sum.acknowledged += losses.acknowledged
  sum.lost += losses.lost
  sum.doubled += losses.doubled
  sum.unheard += losses.unheard
  sum.flaw ??= losses.flaw
}
