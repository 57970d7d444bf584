import { basename } from 'node:path'
import { isGarbled, streamCsv } from '../read/csv.ts'
import type { Dirt, Ledger } from './ledger.ts'

/** A row as an importer sees it: its cells by column name, and a pen for what is wrong with it. */
export type Entry = {
  readonly line: number
  /** Empty where the table has no such column. */
  text(column: string): string
  note(dirt: Dirt): void
}

export type TableRequest = {
  readonly file: string
  readonly needs: readonly string[]
  readonly book: Ledger
  readonly delimiter?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Sees the header before the first row; throws where it does not like it. */
  readonly onColumns?: (columns: readonly string[]) => void
}

const RAGGED: Dirt = {
  kind: 'too few or too many cells',
  fate: 'dropped',
  done: 'left out: its cells cannot be told apart',
}
const GARBLED: Dirt = {
  kind: 'bytes that are not UTF-8',
  fate: 'kept',
  done: 'kept, with \uFFFD for each letter that is lost; better save the file as UTF-8 and import it again',
}
export const TWICE: Dirt = { kind: 'id seen before', fate: 'dropped', done: 'left out: the first row counts' }

/** Walks through a table, every row of it booked. */
export async function eachEntry({ book, onColumns, ...request }: TableRequest, visit: (entry: Entry) => void): Promise<void> {
  const table = basename(request.file)
  let at = new Map<string, number>()
  await streamCsv(request, {
    onColumns: (columns) => {
      onColumns?.(columns)
      at = new Map(columns.map((name, index) => [name, index]))
    },
    onRow: ({ line, cells }) => {
      book.read(table)
      const text = (column: string): string => {
        const index = at.get(column)
        return index === undefined ? '' : cells[index]
      }
      if (isGarbled(cells)) book.note(table, line, GARBLED)
      visit({ line, text, note: (dirt) => book.note(table, line, dirt) })
    },
    onRagged: ({ line }) => {
      book.read(table)
      book.note(table, line ?? 0, RAGGED)
    },
  })
}
