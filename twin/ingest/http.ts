import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { HttpProblem } from '../server/problem-json.ts'
import type { FairShare } from './fair-share.ts'
import { type Accept, NotStored } from './intake.ts'
import { LINE_CHARS_MAX } from './read-lines.ts'
import { added, EMPTY_RECEIPT, quarantinedIn, type Receipt } from './receipt.ts'

/** Events over HTTP: a single one, a list, or lines, which may be a stream without end. */
export type HttpBody = {
  readonly stream: Readable
  readonly contentType: string
  /** As in `content-encoding`; empty where it is not packed. */
  readonly encoding: string
  /** Bytes that the sender announced, or null. */
  readonly length: number | null
  /** Who sends it, by its key. */
  readonly caller: string
}
export type HttpIntake = { readonly accept: Accept; readonly share: FairShare; readonly onTurnedAway: () => void }

/** A stream is taken in pieces of about so many bytes, each stored by itself. */
const PIECE_BYTES = 262_144
/** A JSON text must be read as a whole; a list longer than this is better sent as lines. */
const JSON_BYTES_MAX = 8_388_608
/** Nothing for so long: the sender is gone, and what it had under way is free again. */
const STALLED_MS = 30_000
/** However short, a body costs a socket and a request: so a flood of tiny ones is bounded too. */
const BODY_WEIGHS = 4096
const RETRY_AFTER_S = 1
/** What is still to come of a body that is too large is not waited for. */
const CLOSES = { connection: 'close' } as const
const MOMENTS_TO_WAIT = [5, 10, 20, 50, 100, 200, 400, 800]

const LINES = ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines']

export async function acceptHttp(sent: HttpBody, intake: HttpIntake): Promise<Receipt> {
  const kind = sent.contentType.split(';')[0].trim().toLowerCase()
  const body = unpacked(sent)
  try {
    if (LINES.includes(kind)) return await acceptStream(body, intake)
    if (kind === 'application/json') return await acceptJson(body, intake)
  } catch (error) {
    if (error instanceof NotStored)
      throw new HttpProblem(503, 'The log cannot be written to; nothing of this was accepted.', {}, { 'retry-after': '5' })
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_'))
      throw new HttpProblem(400, 'The body says it is gzip, and is not, or not whole.')
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET')
      throw new HttpProblem(400, 'The body broke off before the end that it had announced; send it again, whole.')
    throw error
  } finally {
    if (body !== sent) sent.stream.resume()
  }
  throw new HttpProblem(
    415,
    `The content type ${kind === '' ? 'is missing' : `"${kind.slice(0, 80)}" is none of ours`}; send application/x-ndjson (one event a line) or application/json.`,
  )
}

/** A packed body as it comes out; it is taken in pieces, so that however large it gets, no more of it is held. */
function unpacked(sent: HttpBody): HttpBody {
  const encoding = sent.encoding.trim().toLowerCase()
  if (encoding === '' || encoding === 'identity') return sent
  if (encoding !== 'gzip') throw new HttpProblem(415, 'Bodies are taken as they are or packed with gzip.')
  const gunzip = createGunzip()
  sent.stream.on('error', (error) => gunzip.destroy(error))
  return { ...sent, stream: sent.stream.pipe(gunzip), length: null }
}

/** An answer to a body of which nothing could be used is an error; where a part could, the receipt says which could not. */
export function answered(receipt: Receipt): Receipt {
  if (quarantinedIn(receipt) === 0 || receipt.accepted + receipt.duplicates > 0) return receipt
  const [first] = receipt.quarantined
  const detail = `Line ${first.line}, ${first.field}: found ${first.found}; ${first.fix}. It is kept in quarantine as ${first.id}.`
  throw new HttpProblem(422, detail, receipt)
}

async function acceptJson({ stream, length, caller }: HttpBody, { accept, share, onTurnedAway }: HttpIntake): Promise<Receipt> {
  if (length !== null && length > JSON_BYTES_MAX) throw tooLarge(JSON_BYTES_MAX)
  const chunks: Buffer[] = []
  let bytes = 0
  let held: Held | null = null
  try {
    for await (const chunk of watched(stream)) {
      bytes += chunk.byteLength
      if (bytes > JSON_BYTES_MAX) throw tooLarge(JSON_BYTES_MAX)
      held ??= new Held(share, nameOf(caller, chunk))
      if (!held.upTo(Math.max(bytes, length ?? 0)))
        // Where nobody else holds anything it would not fit the next time either.
        throw held.isAlone() ? tooLarge(Math.min(JSON_BYTES_MAX, share.limitBytes >> 1)) : turnedAway(onTurnedAway)
      chunks.push(chunk)
    }
    if (bytes === 0) throw new HttpProblem(400, 'The body is empty; send one event as JSON, a list of them, or lines.')
    return await accept(Buffer.concat(chunks), caller, 'json')
  } finally {
    held?.release()
  }
}

async function acceptStream({ stream, length, caller }: HttpBody, { accept, share, onTurnedAway }: HttpIntake): Promise<Receipt> {
  let receipt = EMPTY_RECEIPT
  let linesBefore = 0
  let chunks: Buffer[] = []
  let bytes = 0
  let held: Held | null = null

  const store = async (piece: Buffer): Promise<void> => {
    // Only a stream in several pieces must know how many lines a piece had; afterwards the piece is the log's.
    const lines = length === null || length > piece.byteLength ? newlinesIn(piece) : 0
    receipt = added(receipt, await accept(piece, caller, 'lines'), linesBefore)
    linesBefore += lines
  }

  try {
    for await (const chunk of watched(stream)) {
      if (held === null) {
        held = new Held(share, nameOf(caller, chunk))
        // Turned away at its first bytes: the rest is not even read.
        if (!held.upTo(Math.min(length ?? chunk.byteLength, PIECE_BYTES))) throw turnedAway(onTurnedAway)
      }
      bytes += chunk.byteLength
      await room(held, bytes, onTurnedAway, receipt)
      chunks.push(chunk)
      if (bytes < PIECE_BYTES) continue
      const end = chunk.lastIndexOf(10)
      if (end < 0) {
        if (bytes > LINE_CHARS_MAX)
          throw new HttpProblem(
            413,
            `A line of more than ${LINE_CHARS_MAX} bytes; one event is one line.`,
            { stored: receipt },
            CLOSES,
          )
        continue
      }
      chunks[chunks.length - 1] = chunk.subarray(0, end + 1)
      await store(Buffer.concat(chunks))
      const rest = chunk.subarray(end + 1)
      chunks = rest.byteLength === 0 ? [] : [Buffer.from(rest)]
      bytes = rest.byteLength
      held.downTo(bytes)
    }
    if (bytes > 0) await store(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
    return receipt
  } finally {
    held?.release()
  }
}

/** What a body holds of its source's share. */
class Held {
  private readonly share: FairShare
  private readonly source: string
  private bytes = 0

  constructor(share: FairShare, source: string) {
    this.share = share
    this.source = source
  }

  upTo(bytes: number): boolean {
    const wanted = Math.max(bytes, BODY_WEIGHS)
    if (wanted <= this.bytes) return true
    if (!this.share.enter(this.source, wanted - this.bytes)) return false
    this.bytes = wanted
    return true
  }

  downTo(bytes: number): void {
    const wanted = Math.max(bytes, BODY_WEIGHS)
    this.share.leave(this.source, this.bytes - wanted)
    this.bytes = wanted
  }

  isAlone(): boolean {
    return this.share.usedBytes() === this.bytes
  }

  release(): void {
    if (this.bytes > 0) this.share.leave(this.source, this.bytes)
    this.bytes = 0
  }
}

/** A stream that is under way waits a little for room; its sender is held back by not being read. */
async function room(held: Held, bytes: number, onTurnedAway: () => void, soFar: Receipt): Promise<void> {
  if (held.upTo(bytes)) return
  for (const ms of MOMENTS_TO_WAIT) {
    await new Promise((done) => setTimeout(done, ms))
    if (held.upTo(bytes)) return
  }
  throw turnedAway(onTurnedAway, soFar)
}

function turnedAway(onTurnedAway: () => void, soFar: Receipt | null = null): HttpProblem {
  onTurnedAway()
  const what = soFar === null ? {} : { stored: soFar }
  return new HttpProblem(429, 'This source has as much under way as is its share; send it again a little later.', what, {
    'retry-after': String(RETRY_AFTER_S),
  })
}

const tooLarge = (most: number): HttpProblem =>
  new HttpProblem(
    413,
    `A JSON body may have ${most} bytes; send more as lines, application/x-ndjson, in a stream of any length.`,
    {},
    CLOSES,
  )

/** The first source that the body names, so that one flood through a shared key does not hold up the others. */
function nameOf(caller: string, chunk: Buffer): string {
  const source = /"source"\s*:\s*"([^"\\]{1,128})"/.exec(chunk.toString('latin1', 0, 2048))?.[1]
  return source === undefined ? caller : `${caller}\n${source}`
}

function newlinesIn(piece: Buffer): number {
  let count = 0
  for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) count++
  return count
}

/** The chunks of a body; one that stalls is given up. */
async function* watched(stream: Readable): AsyncGenerator<Buffer> {
  let timer: NodeJS.Timeout | undefined
  const wait = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => stream.destroy(new HttpProblem(408, `Nothing came for ${STALLED_MS / 1000} s.`)), STALLED_MS)
  }
  wait()
  try {
    // Left alone when given up, for its socket has still to carry the answer.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      wait()
      yield chunk as Buffer
    }
  } finally {
    clearTimeout(timer)
    // What is left of it is let through and forgotten, so that the connection is free for the next.
    if (!stream.readableEnded && !stream.destroyed) stream.resume()
  }
}
