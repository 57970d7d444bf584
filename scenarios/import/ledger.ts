/** What became of a row that was not clean; a row with several kinds of dirt ends with the gravest. */
const FATES = ['kept', 'repaired', 'blanked', 'dropped'] as const
type Fate = (typeof FATES)[number]

/** One kind of dirt: how many rows had it, and what was done. */
export type DirtyRows = {
  readonly table: string
  readonly kind: string
  readonly fate: Fate
  readonly done: string
  readonly rows: number
  /** Where to look: the first row that had it. */
  readonly firstLine: number
}

/** rowsRead = clean + kept + repaired + blanked + dropped. */
export type TableTally = { readonly table: string; readonly rowsRead: number; readonly clean: number } & {
  readonly [F in Fate]: number
}

export type Ledger = {
  /** Counts a row; every row of every table passes here once. */
  read(table: string): void
  note(table: string, line: number, dirt: Dirt): void
  kinds(): DirtyRows[]
  tallies(): TableTally[]
}

export type Dirt = { readonly kind: string; readonly fate: Fate; readonly done: string }

/** Book of every row that was read and everything that was wrong with it, so that none is lost without a word. */
export function ledger(): Ledger {
  const rowsRead = new Map<string, number>()
  const kinds = new Map<string, { -readonly [K in keyof DirtyRows]: DirtyRows[K] }>()
  const fates = new Map<string, Map<number, number>>()
  return {
    read: (table) => {
      rowsRead.set(table, (rowsRead.get(table) ?? 0) + 1)
    },
    note: (table, line, dirt) => {
      const key = `${table}|${dirt.kind}|${dirt.fate}`
      const kind = kinds.get(key) ?? { table, ...dirt, rows: 0, firstLine: line }
      kind.rows++
      kinds.set(key, kind)
      const own = fates.get(table) ?? new Map<number, number>()
      own.set(line, Math.max(own.get(line) ?? 0, FATES.indexOf(dirt.fate)))
      fates.set(table, own)
    },
    kinds: () => [...kinds.values()],
    tallies: () => [...rowsRead].map(([table, count]) => tally(table, count, [...(fates.get(table)?.values() ?? [])])),
  }
}

function tally(table: string, rowsRead: number, fates: readonly number[]): TableTally {
  const of = (fate: Fate): number => fates.filter((found) => found === FATES.indexOf(fate)).length
  const counts = { kept: of('kept'), repaired: of('repaired'), blanked: of('blanked'), dropped: of('dropped') }
  return { table, rowsRead, clean: rowsRead - fates.length, ...counts }
}
