import { openSqliteLog, readSqliteLog } from '../../twin/log/sqlite.ts'

/** The body that the writer appends at its turn `sequence`: of a length of its own, and told from every other. */
export function bodyOf(sequence: number): Uint8Array {
  const lines = 1 + ((sequence * 7919) % 40)
  return new TextEncoder().encode(
    Array.from(
      { length: lines },
      (_, i) => `{"id":"w-${sequence}-${i}","source":"writer","feed":"orders","type":"released"}\n`,
    ).join(''),
  )
}

export type Losses = {
  readonly acknowledged: number
  /** Acknowledged, and not there or not as it was. */
  readonly lost: number
  /** There more than once. */
  readonly doubled: number
  /** There and never acknowledged: the sender will send them again. */
  readonly unheard: number
  /** What the chain of hashes says, or null. */
  readonly flaw: string | null
}

/** Opens the log as a process would after a crash, and holds it against what was acknowledged: `NUMBER SEQUENCE` a line. */
export async function lossesOf(file: string, acknowledgements: readonly string[]): Promise<Losses> {
  const log = await openSqliteLog(file)
  const flaw = await log.verify()
  await log.close()
  const reader = readSqliteLog(file)
  const seen = new Map<number, number>()
  let lost = 0
  const numberOf = new Map<number, number>()
  for (const { number, bytes, receivedMs } of reader.from(1)) {
    seen.set(receivedMs, (seen.get(receivedMs) ?? 0) + 1)
    if (Buffer.compare(bytes, bodyOf(receivedMs)) === 0) numberOf.set(receivedMs, number)
  }
  reader.close()
  const acknowledged = new Map(
    acknowledgements.map((line) => line.split(' ').map(Number) as [number, number]).map(([n, s]) => [s, n]),
  )
  for (const [sequence, number] of acknowledged) if (numberOf.get(sequence) !== number) lost++
  return {
    acknowledged: acknowledged.size,
    lost,
    doubled: [...seen.values()].filter((times) => times > 1).length,
    unheard: [...seen.keys()].filter((sequence) => !acknowledged.has(sequence)).length,
    flaw: flaw === null ? null : `entry ${flaw.entry}: ${flaw.what}`,
  }
}
