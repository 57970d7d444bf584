import { fillWorld } from './apply/copy.ts'
import { digestOfData, digestOfText, digestOfWords } from './digest.ts'
import { type RunSetup, simOver } from './engine.ts'
import { liveStretches, type Stretch } from './live.ts'
import type { ReplayOutcome } from './replay.ts'
import { clearSky } from './scene.ts'
import type { Sim } from './sim.ts'
import { type Dimensions, dimensionsOf, nowMs, type WorldSize, worldBytes } from './world.ts'

/**
 * A run put away as bytes: a mark, the version and the header's length and hash; a header in JSON; what the world's buffer says; what a
 * replay noted so far. Multi-byte numbers are little-endian. Nothing else of a run changes: network, scene, dice and recorded orders are
 * compiled anew from their files, and the header has their digests, so that a world is not continued in another country.
 */
const MARK = 'ORRERY SNAPSHOT\n'
/** Of the format and of the meaning of the columns. A change of either is a new version. */
const VERSION = 5
/** Where the version, the header's length, its hash and the header begin. */
const AT = { version: 16, headerBytes: 20, headerHash: 24, header: 40 } as const

type Header = {
  readonly nowMs: number
  readonly dimensions: Dimensions
  readonly size: WorldSize
  /** Length of the buffer these columns make: a layout of other columns has another. */
  readonly layoutBytes: number
  readonly stretches: readonly Stretch[]
  /** Orders a replay keeps times of; −1 where nothing is replayed. */
  readonly replayed: number
  readonly payloadBytes: number
  readonly payload: string
  readonly setup: { readonly [Part in SetupPart]: string }
}
const SETUP_PARTS = ['network', 'clock', 'dice', 'scene', 'replay', 'keepsOrigins'] as const
type SetupPart = (typeof SETUP_PARTS)[number]

/** What is wrong with a snapshot, in the shape every other bad input has. */
export class SnapshotError extends Error {
  readonly file: string
  readonly line = null
  readonly field: string
  readonly found: string
  readonly fix: string

  constructor(file: string, field: string, found: string, fix: string) {
    super(`${file}  ${field}: found ${found}; ${fix}`)
    this.file = file
    this.field = field
    this.found = found
    this.fix = fix
  }
}

/** Everything of a run that can change, as bytes. To be taken between two events. */
export function snapshot(sim: Sim): Uint8Array {
  const { world, outcome } = sim
  const stretches = liveStretches(world)
  const pieces = [
    ...stretches.map(({ from, to }) => new Uint8Array(world.buffer, from, to - from)),
    ...columnsOf(outcome).map((column) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength)),
  ]
  const payload = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    payload.set(piece, at)
    at += piece.length
  }
  const header: Header = {
    nowMs: nowMs(world),
    dimensions: world.d,
    size: world.size,
    layoutBytes: worldBytes(world.d, world.size),
    stretches,
    replayed: outcome === null ? -1 : outcome.approvedMs.length,
    payloadBytes: payload.length,
    payload: digestOfWords([wordsOf(payload)]),
    setup: digestsOf(sim),
  }
  const text = JSON.stringify(header)
  const headerBytes = new TextEncoder().encode(text)
  const start = payloadStart(headerBytes.length)
  const bytes = new Uint8Array(start + payload.length)
  const numbers = new DataView(bytes.buffer)
  const spell = (word: string, at: number): void => bytes.set(new TextEncoder().encode(word), at)
  spell(MARK, 0)
  numbers.setUint32(AT.version, VERSION, true)
  numbers.setUint32(AT.headerBytes, headerBytes.length, true)
  spell(digestOfText(text), AT.headerHash)
  bytes.set(headerBytes, AT.header)
  bytes.set(payload, start)
  return bytes
}

/**
 * A run that goes on where the snapshot was taken, as if it had never been stopped. `setup` is made of the same network, scenario, seed and
 * orders; policies may be others, as in a fork. `file` is what messages call the snapshot.
 */
export function restore(setup: RunSetup, bytes: Uint8Array, file = 'snapshot'): Sim {
  const refuse = (field: string, found: string, fix: string): never => {
    throw new SnapshotError(file, field, found, fix)
  }
  const header = readHeader(bytes, refuse)
  const start = payloadStart(new DataView(bytes.buffer, bytes.byteOffset).getUint32(AT.headerBytes, true))
  // A copy begins on a whole word, wherever the bytes lie in a larger buffer.
  const payload = bytes.slice(start, start + header.payloadBytes)
  if (digestOfWords([wordsOf(payload)]) !== header.payload)
    refuse('content', 'bytes that are not the ones written', 'the file is damaged; take another snapshot')
  checkSetup(setup, header, refuse)

  const worldPart = header.stretches.reduce((sum, { from, to }) => sum + to - from, 0)
  const pen = fillWorld(header.dimensions, header.size, payload, header.stretches)
  if (JSON.stringify(liveStretches(pen)) !== JSON.stringify(header.stretches))
    refuse(
      'stretches',
      'others than the world in it has',
      'it was written by another version of Orrery; restore it with that one',
    )
  return simOver(setup, {
    pen,
    outcome: readOutcome(payload.subarray(worldPart), header.replayed),
    sky: clearSky(setup.network, setup.scene),
    spare: null,
  })
}

type Refuse = (field: string, found: string, fix: string) => never

function readHeader(bytes: Uint8Array, refuse: Refuse): Header {
  const text = (from: number, to: number): string => new TextDecoder().decode(bytes.subarray(from, to))
  if (bytes.length < AT.header || text(0, MARK.length) !== MARK)
    refuse(
      'mark',
      bytes.length < AT.header ? `${bytes.length} bytes` : 'another kind of file',
      'give a file that Orrery wrote as a snapshot',
    )
  const numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = numbers.getUint32(AT.version, true)
  if (version !== VERSION)
    refuse('version', String(version), `this Orrery reads version ${VERSION}; restore it with the Orrery that wrote it`)
  const headerBytes = numbers.getUint32(AT.headerBytes, true)
  const torn = 'the file is torn; copy it again or take another snapshot'
  if (AT.header + headerBytes > bytes.length)
    refuse('header', `${bytes.length} bytes of at least ${AT.header + headerBytes}`, torn)
  const header = text(AT.header, AT.header + headerBytes)
  if (digestOfText(header) !== text(AT.headerHash, AT.header)) refuse('header', 'bytes that are not the ones written', torn)
  const read = JSON.parse(header) as Header
  const whole = payloadStart(headerBytes) + read.payloadBytes
  if (bytes.length !== whole) refuse('length', `${bytes.length} bytes of ${whole}`, torn)
  return read
}

/** A world goes on only where it was at home. */
function checkSetup(setup: RunSetup, header: Header, refuse: Refuse): void {
  const here = dimensionsOf(setup.network)
  for (const [name, count] of Object.entries(here)) {
    const there = header.dimensions[name as keyof Dimensions]
    if (there !== count)
      refuse('network', `${there} ${COUNTED[name as keyof Dimensions]} where this one has ${count}`, FIX.network)
  }
  const digests = digestsOf(setup)
  for (const part of SETUP_PARTS)
    if (digests[part] !== header.setup[part])
      refuse(part, `digest ${header.setup[part]} where this one has ${digests[part]}`, FIX[part])
  if (worldBytes(header.dimensions, header.size) !== header.layoutBytes)
    refuse(
      'layout',
      `${header.layoutBytes} bytes of columns`,
      'it was written by another version of Orrery; restore it with that one',
    )
}

const COUNTED: { readonly [D in keyof Dimensions]: string } = {
  W: 'warehouses',
  Z: 'zones',
  S: 'services',
  H: 'hubs',
  K: 'SKUs',
  U: 'suppliers',
}
const FIX: { readonly [Part in SetupPart]: string } = {
  network: 'restore it with the network it was taken in',
  clock: 'restore it with a scenario of as many days',
  dice: 'restore it with the seed and replication it was taken in, and fork it with other dice',
  scene: 'restore it with the scenario it was taken in, and fork it into another',
  replay: 'restore it with the recorded orders it was replaying',
  keepsOrigins: 'restore it with the same --origins',
}

function digestsOf(setup: RunSetup): Header['setup'] {
  const digests: Partial<Record<SetupPart, string>> = {}
  for (const part of SETUP_PARTS) digests[part] = digestOfData(setup[part])
  return digests as Header['setup']
}

/** Right behind the header, on a whole double. */
const payloadStart = (headerBytes: number): number => (AT.header + headerBytes + 7) & ~7
/** Pieces are whole words. */
const wordsOf = (piece: Uint8Array): Uint32Array => new Uint32Array(piece.buffer, piece.byteOffset, piece.byteLength / 4)

const columnsOf = (outcome: ReplayOutcome | null): Float64Array[] =>
  outcome === null ? [] : [outcome.approvedMs, outcome.handedOverMs, outcome.deliveredMs]

function readOutcome(bytes: Uint8Array, count: number): ReplayOutcome | null {
  if (count < 0) return null
  const column = (i: number): Float64Array => new Float64Array(bytes.slice(i * count * 8, (i + 1) * count * 8).buffer)
  return { approvedMs: column(0), handedOverMs: column(1), deliveredMs: column(2) }
}
