/**
 * What the thread that writes the log says of each entry: whose decisions it holds. The newest so many, in memory that the reader looks at when it
 * likes; what it has missed is in the log itself.
 */
export type NoteMemory = SharedArrayBuffer

const NOTES = 65_536
/** Of each note: entry, owner of the thread, number of its first decision, decisions. */
const FIELDS = 4
const HEAD_BYTES = 8

export const noteMemory = (): NoteMemory => new SharedArrayBuffer(HEAD_BYTES + 8 * NOTES * FIELDS)

export type Note = { readonly entry: number; readonly owner: number; readonly first: number; readonly lines: number }

export class Notes {
  /** Notes ever written, as 32 bits that wrap around; and, for the reader, ever read. */
  private readonly written: Int32Array
  private readonly notes: Float64Array
  private read = 0

  constructor(memory: NoteMemory) {
    this.written = new Int32Array(memory, 0, 1)
    this.notes = new Float64Array(memory, HEAD_BYTES)
  }

  write({ entry, owner, first, lines }: Note): void {
    const count = Atomics.load(this.written, 0)
    const at = (count & (NOTES - 1)) * FIELDS
    this.notes[at] = entry
    this.notes[at + 1] = owner
    this.notes[at + 2] = first
    this.notes[at + 3] = lines
    Atomics.store(this.written, 0, (count + 1) | 0)
  }

  /** Notes since the last call, oldest first; those that were overwritten meanwhile are missing. */
  *since(): Generator<Note> {
    const written = Atomics.load(this.written, 0)
    // Half of them are left to be overwritten while the others are read.
    if (((written - this.read) | 0) > NOTES / 2) this.read = (written - NOTES / 2) | 0
    for (; this.read !== written; this.read = (this.read + 1) | 0) {
      const at = (this.read & (NOTES - 1)) * FIELDS
      const { notes } = this
      yield { entry: notes[at], owner: notes[at + 1], first: notes[at + 2], lines: notes[at + 3] }
    }
  }
}
