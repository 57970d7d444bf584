import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

type Cells = readonly (readonly (string | number)[])[]

/**
 * The seven tables in small, made up: two plants at port A hold both products, a third at port B holds one of them and serves one customer only. The big
 * order can be done at `near` alone, which has places for two orders a day.
 */
export const TINY = {
  OrderList: [
    [
      'Order ID',
      'Order Date',
      'Origin Port',
      'Carrier',
      'TPT',
      'Service Level',
      'Customer',
      'Product ID',
      'Plant Code',
      'Unit quantity',
      'Weight',
    ],
    ['1', 41420, 'A', 'quick', 1, 'DTD', 'ann', 'tea', 'near', 10, 4],
    ['2', 41420, 'A', 'quick', 1, 'DTD', 'ben', 'tea', 'near', 20, 40],
    ['3', 41420, 'A', 'quick', 1, 'DTP', 'ann', 'pot', 'near', 1000, 3],
    ['4', 41420, 'A', 'own', 0, 'CRF', 'ben', 'tea', 'near', 30, 7],
  ],
  FreightRates: [
    [
      'Carrier',
      'orig_port_cd',
      'dest_port_cd',
      'minm_wgh_qty',
      'max_wgh_qty',
      'svc_cd',
      'minimum cost',
      'rate',
      'mode_dsc',
      'tpt_day_cnt',
      'Carrier type',
    ],
    ['quick', 'A', 'Z', 0, 9.99, 'DTD', 6, 0.5, 'AIR   ', 1, 'x'],
    ['quick', 'A', 'Z', 10, 99.99, 'DTD', 6, 0.25, 'AIR   ', 1, 'x'],
    ['slow', 'A', 'Z', 0, 999, 'DTD', 2, 0.1, 'AIR   ', 5, 'x'],
    ['quick', 'A', 'Z', 0, 99.99, 'DTP', 1, 0.1, 'AIR   ', 1, 'x'],
    ['truck', 'B', 'Z', 0, 50, 'DTD', 3, 9, 'GROUND', 1, 'x'],
  ],
  WhCosts: [
    ['WH', 'Cost/unit'],
    ['near', 0.5],
    ['far', 0.6],
    ['kept', 0.1],
  ],
  WhCapacities: [
    ['Plant ID', 'Daily Capacity '],
    ['near', 2],
    ['far', 3],
    ['kept', 5],
  ],
  ProductsPerPlant: [
    ['Plant Code', 'Product ID'],
    ['near', 'tea'],
    ['near', 'pot'],
    ['far', 'tea'],
    ['kept', 'tea'],
  ],
  VmiCustomers: [
    ['Plant Code', 'Customers'],
    ['kept', 'ben'],
  ],
  PlantPorts: [
    ['Plant Code', 'Port'],
    ['near', 'A'],
    ['far', 'A'],
    ['kept', 'B'],
  ],
} as const satisfies Record<string, Cells>

type Sheets = Readonly<Record<string, Cells>>

export function writeCsvs(folder: string, sheets: Sheets): void {
  for (const [name, rows] of Object.entries(sheets))
    writeFileSync(join(folder, `${name}.csv`), `${rows.map((cells) => cells.join(',')).join('\n')}\n`)
}

/** A workbook as a spreadsheet program would write it, without packing. */
export function writeBook(file: string, sheets: Sheets): void {
  const names = Object.keys(sheets)
  const head = '<?xml version="1.0" encoding="UTF-8"?>'
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const packed = 'http://schemas.openxmlformats.org/package/2006/relationships'
  const rels = names.map((_, i) => `<Relationship Id="r${i}" Type="${office}/worksheet" Target="worksheets/sheet${i}.xml"/>`)
  const files: [string, string][] = [
    [
      '_rels/.rels',
      `${head}<Relationships xmlns="${packed}"><Relationship Id="r" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    ['xl/_rels/workbook.xml.rels', `${head}<Relationships xmlns="${packed}">${rels.join('')}</Relationships>`],
    [
      'xl/workbook.xml',
      `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i}"/>`).join('')}</sheets></workbook>`,
    ],
    ...names.map((name, i): [string, string] => [
      `xl/worksheets/sheet${i}.xml`,
      `${head}<worksheet xmlns="${main}"><sheetData>${sheets[name].map(rowXml).join('')}</sheetData></worksheet>`,
    ]),
  ]
  writeFileSync(file, zip(files))
}

const rowXml = (cells: readonly (string | number)[], r: number): string =>
  `<row r="${r + 1}">${cells
    .map((cell, c) => {
      const at = `${String.fromCharCode(65 + c)}${r + 1}`
      return typeof cell === 'number'
        ? `<c r="${at}"><v>${cell}</v></c>`
        : `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${cell}</t></is></c>`
    })
    .join('')}</row>`

/** Files one after the other, stored as they are, with the list of them at the end (APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16). */
function zip(files: readonly [string, string][]): Buffer {
  const parts: Buffer[] = []
  const list: Buffer[] = []
  let at = 0
  for (const [name, text] of files) {
    const [path, body] = [Buffer.from(name), Buffer.from(text)]
    const about = Buffer.alloc(26)
    about.writeUInt16LE(20, 0)
    about.writeUInt32LE(crc32(body), 10)
    about.writeUInt32LE(body.length, 14)
    about.writeUInt32LE(body.length, 18)
    about.writeUInt16LE(path.length, 22)
    parts.push(Buffer.from('PK\x03\x04'), about, path, body)
    const entry = Buffer.alloc(42)
    entry.writeUInt16LE(20, 0)
    about.copy(entry, 2)
    entry.writeUInt32LE(at, 38)
    list.push(Buffer.from('PK\x01\x02'), entry, path)
    at += 30 + path.length + body.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(Buffer.concat(list).length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, ...list, Buffer.from('PK\x05\x06'), end])
}
