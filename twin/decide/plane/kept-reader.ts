import { Commits } from '../../log/commits.ts'
import { linesIn } from './packed-lines.ts'

/** Reads decisions of the log by where they lie: the entry, and which line of it. Of any thread, while the log is written to. */
export class KeptReader {
  private readonly file: string
  private commits: Commits | null = null
  /** The entry that was asked for last: who asks again, asks for its neighbours too. */
  private entry = 0
  private kept: readonly string[] = []

  constructor(file: string) {
    this.file = file
  }

  line(entry: number, line: number): string {
    return this.all(entry)[line]
  }

  /** Lines of an entry, in their order. */
  all(entry: number): readonly string[] {
    if (entry !== this.entry) {
      this.commits ??= new Commits(this.file)
      const stored = this.commits.get(entry)
      if (stored === null) throw new Error(`entry ${entry} of the decision log is not there any more`)
      this.kept = linesIn(stored.bytes)
      this.entry = entry
    }
    return this.kept
  }

  close(): void {
    this.commits?.close()
  }
}
