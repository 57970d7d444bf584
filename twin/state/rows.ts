/**
 * Rows of 32-bit words in pages: they grow without being copied, so a million orders cost what they hold and no event waits for a large
 * array to move. Row 0 of each is never used: 0 says "none".
 */
export type Rows = {
  readonly stride: number
  /** A page holds 2 ** shift rows. */
  readonly shift: number
  readonly pages: Uint32Array[]
  count: number
}

export function openRows(stride: number, shift: number): Rows {
  return { stride, shift, pages: [new Uint32Array(stride << shift)], count: 1 }
}

/** Number of a new row, all of it 0. */
export function addRow(rows: Rows): number {
  const row = rows.count++
  if (row >>> rows.shift === rows.pages.length) rows.pages.push(new Uint32Array(rows.stride << rows.shift))
  return row
}

/** The page of a row; its words begin at `wordOf`. */
export const pageOf = (rows: Rows, row: number): Uint32Array => rows.pages[row >>> rows.shift]
export const wordOf = (rows: Rows, row: number): number => (row & ((1 << rows.shift) - 1)) * rows.stride

/** Bytes held, in use or not. */
export const rowBytes = (rows: Rows): number => rows.pages.length * (rows.stride << rows.shift) * 4

/** What is in use, page by page. */
export function usedPages({ pages, stride, shift, count }: Rows): Uint8Array[] {
  return pages.map((page, i) => {
    const rows = Math.min(count - (i << shift), 1 << shift)
    return new Uint8Array(page.buffer, 0, rows * stride * 4)
  })
}

export function rowsFrom(stride: number, shift: number, count: number, bytes: Uint8Array): Rows {
  const pages: Uint32Array[] = []
  const pageBytes = (stride << shift) * 4
  for (let from = 0; from === 0 || from < bytes.length; from += pageBytes) {
    const page = new Uint32Array(stride << shift)
    new Uint8Array(page.buffer).set(bytes.subarray(from, from + pageBytes))
    pages.push(page)
  }
  return { stride, shift, pages, count }
}
