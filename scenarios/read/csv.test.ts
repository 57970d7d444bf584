import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvCell, readCsv, streamCsv } from './csv.ts'
import { InputError } from './problem.ts'

const folder = mkdtempSync(join(tmpdir(), 'orrery-csv-'))
let files = 0

function written(text: string | Buffer, name = 'table.csv'): string {
  const file = join(folder, `${files++}-${name}`)
  writeFileSync(file, text)
  return file
}

async function problemOf(work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (cause) => cause,
  )
  expect(error).toBeInstanceOf(InputError)
  return (error as InputError).problems[0]
}

test('a byte order mark, Windows line ends, quoted commas and empty lines are understood', async () => {
  const file = written('\uFEFFa,b\r\n1,"x, y"\r\n\r\n2,"say ""hi"""\r\n')
  const { columns, rows } = await readCsv({ file, needs: ['a', 'b'] })
  expect(columns).toEqual(['a', 'b'])
  expect(rows).toEqual([
    { line: 2, cells: ['1', 'x, y'] },
    { line: 4, cells: ['2', 'say "hi"'] },
  ])
})

test('a row is reported at its first line even after a cell that spans lines', async () => {
  const { rows } = await readCsv({ file: written('a,b\n1,"two\nlines"\n2,x\n') })
  expect(rows.map((row) => row.line)).toEqual([2, 4])
})

test('ragged rows are handed over with their line and never mixed with whole ones', async () => {
  const { rows, ragged } = await readCsv({ file: written('a,b\n1,2\n3\n4,5,6\n7,8\n') })
  expect(rows.map((row) => row.cells[0])).toEqual(['1', '7'])
  expect(ragged.map((problem) => [problem.line, problem.found])).toEqual([
    [3, '1 cells'],
    [4, '3 cells'],
  ])
})

test('a packed file reads like a plain one', async () => {
  const { rows } = await readCsv({ file: written(gzipSync('a\n1\n'), 'table.csv.gz') })
  expect(rows).toEqual([{ line: 2, cells: ['1'] }])
})

test('another delimiter than asked for is named', async () => {
  const problem = await problemOf(readCsv({ file: written('a;b\n1;2\n'), needs: ['a', 'b'] }))
  expect(problem.found).toContain('";"')
})

test('a missing column, an empty file, a missing file and an open quote each say what is wrong', async () => {
  expect((await problemOf(readCsv({ file: written('a,c\n'), needs: ['a', 'b'] }))).field).toBe('b')
  expect((await problemOf(readCsv({ file: written('') }))).found).toBe('nothing')
  expect((await problemOf(readCsv({ file: join(folder, 'none.csv') }))).found).toBe('no such file')
  symlinkSync(join(folder, 'ring.csv'), join(folder, 'ring.csv'))
  expect((await problemOf(readCsv({ file: join(folder, 'ring.csv') }))).found).toBe('a link that leads back to itself')
  expect((await problemOf(readCsv({ file: written('a,b\n1,"open\n') }))).found).toBe('a quote that is never closed')
})

test('a packed file that is cut off, or is none, is bad input', async () => {
  const packed = gzipSync(`a,b\n${'1,2\n'.repeat(5000)}`)
  const cut = await problemOf(readCsv({ file: written(packed.subarray(0, 60), 'cut.csv.gz') }))
  expect(cut?.found).toMatch(/cannot be unpacked: unexpected end of file/)
  expect((await problemOf(readCsv({ file: written('a,b\n1,2\n', 'plain.csv.gz') })))?.found).toMatch(/cannot be unpacked/)
})

test('a reader who gives up stops the reading', async () => {
  const file = written(`a\n${'1\n'.repeat(10_000)}`)
  await expect(streamCsv({ file, signal: AbortSignal.abort() }, { onRow: () => {} })).rejects.toThrow(/abort/i)
})

test('whatever is written as a cell is read back', async () => {
  const cell = fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\0', ''))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (table) => {
      const text = table.map((row) => [...row, 'end'].map(csvCell).join(',')).join('\n')
      const { rows } = await readCsv({ file: written(`a,b,c\n${text}\n`) })
      expect(rows.map((row) => row.cells.slice(0, 2))).toEqual(table)
    }),
    { numRuns: 50 },
  )
})
