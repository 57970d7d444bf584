import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type CsvRow, readCsv } from '../../../scenarios/read/csv.ts'
import { InputError, type Problem } from '../../../scenarios/read/problem.ts'
import { readNames } from '../../../scenarios/read/text-file.ts'
import { readWorkbook } from '../../../scenarios/read/xlsx.ts'

/** One order, and how it went when it happened. */
export type BrunelOrder = {
  readonly id: string
  readonly customer: string
  readonly product: string
  /** DTD (door to door), DTP (door to port), or CRF: the customer sends for it and pays the freight. */
  readonly service: string
  readonly units: number
  readonly kg: number
  /** Of the record. */
  readonly plant: string
  readonly port: string
  readonly carrier: string
  readonly days: number
}

/** A line of the rate card: a band of weight of a carrier's service from a port. Dollars. */
export type BrunelRate = {
  readonly carrier: string
  readonly port: string
  readonly service: string
  readonly fromKg: number
  readonly toKg: number
  readonly least: number
  readonly rate: number
  readonly days: number
  /** A truck: the rate is its price, shared by what is on it, up to `toKg`. By air it is dollars for a kg. */
  readonly isGround: boolean
}

export type BrunelPlant = {
  readonly id: string
  /** Dollars for each unit. */
  readonly perUnit: number
  /** Orders it can do in a day. */
  readonly places: number
  readonly products: ReadonlySet<string>
  readonly ports: readonly string[]
  /** The only customers it may serve; null where it may serve all. */
  readonly customers: ReadonlySet<string> | null
}

/** The tables as they are published. */
export type BrunelTables = {
  readonly orders: readonly BrunelOrder[]
  readonly rates: readonly BrunelRate[]
  /** In the order of the sheet of capacities. */
  readonly plants: readonly BrunelPlant[]
}

const COLUMNS = {
  OrderList: [
    'Order ID',
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
  FreightRates: [
    'Carrier',
    'orig_port_cd',
    'minm_wgh_qty',
    'max_wgh_qty',
    'svc_cd',
    'minimum cost',
    'rate',
    'mode_dsc',
    'tpt_day_cnt',
  ],
  WhCosts: ['WH', 'Cost/unit'],
  WhCapacities: ['Plant ID', 'Daily Capacity'],
  ProductsPerPlant: ['Plant Code', 'Product ID'],
  VmiCustomers: ['Plant Code', 'Customers'],
  PlantPorts: ['Plant Code', 'Port'],
} as const
type SheetName = keyof typeof COLUMNS
const SHEETS = Object.keys(COLUMNS) as SheetName[]

export const WHERE_TO_GET =
  'download "Supply Chain Logistics Problem Dataset" (Kalganova & Dzalbs, Brunel University London, doi 10.17633/rd.brunel.7558679), put its .xlsx into a folder, and name the folder: --brunel DIR'

/** Reads the folder: one workbook with the seven sheets, or seven CSV files with their names. Throws an InputError with all that is wrong. */
export async function readBrunel(folder: string): Promise<BrunelTables> {
  const problems: Problem[] = []
  const sheets = await sheetsOf(folder)
  const table = (name: SheetName): Table => new Table(sheets[name], COLUMNS[name], problems)
  const orders = table('OrderList').map(
    (row): BrunelOrder => ({
      id: row.text('Order ID'),
      customer: row.text('Customer'),
      product: row.text('Product ID'),
      service: row.text('Service Level'),
      units: row.number('Unit quantity'),
      kg: row.number('Weight'),
      plant: row.text('Plant Code'),
      port: row.text('Origin Port'),
      carrier: row.text('Carrier'),
      days: row.number('TPT'),
    }),
  )
  const rates = table('FreightRates').map(
    (row): BrunelRate => ({
      carrier: row.text('Carrier'),
      port: row.text('orig_port_cd'),
      service: row.text('svc_cd'),
      fromKg: row.number('minm_wgh_qty'),
      toKg: row.number('max_wgh_qty'),
      least: row.number('minimum cost'),
      rate: row.number('rate'),
      days: row.number('tpt_day_cnt'),
      isGround: row.text('mode_dsc') === 'GROUND',
    }),
  )
  const perUnit = new Map(table('WhCosts').map((row) => [row.text('WH'), row.number('Cost/unit')]))
  const products = gather(table('ProductsPerPlant').map((row) => [row.text('Plant Code'), row.text('Product ID')]))
  const customers = gather(table('VmiCustomers').map((row) => [row.text('Plant Code'), row.text('Customers')]))
  const ports = gather(table('PlantPorts').map((row) => [row.text('Plant Code'), row.text('Port')]))
  const plants = table('WhCapacities').map((row): BrunelPlant => {
    const id = row.text('Plant ID')
    const cost = perUnit.get(id)
    if (cost === undefined) row.wrong('Plant ID', `${id}, a plant without a cost`, 'give it a line in WhCosts')
    return {
      id,
      perUnit: cost ?? 0,
      places: row.number('Daily Capacity'),
      products: products.get(id) ?? new Set(),
      ports: [...(ports.get(id) ?? [])],
      customers: customers.get(id) ?? null,
    }
  })
  if (problems.length > 0) throw new InputError(problems)
  return { orders, rates, plants }
}

type Raw = { readonly file: string; readonly columns: readonly string[]; readonly rows: readonly CsvRow[] }

async function sheetsOf(folder: string): Promise<Record<SheetName, Raw>> {
  const refuse = (found: string, cause?: unknown): InputError =>
    new InputError([{ file: folder, line: null, field: '--brunel', found, fix: WHERE_TO_GET }], { cause })
  if (!existsSync(folder)) throw refuse('no such folder')
  const names = readNames(folder, refuse)
  const books = names.filter((name) => name.endsWith('.xlsx') && !name.startsWith('~'))
  const missing = SHEETS.filter((sheet) => !names.includes(`${sheet}.csv`))
  if (missing.length === 0) {
    const read = SHEETS.map(async (sheet): Promise<[SheetName, Raw]> => {
      const table = await readCsv({ file: join(folder, `${sheet}.csv`), needs: COLUMNS[sheet] })
      if (table.ragged.length > 0) throw new InputError(table.ragged)
      return [sheet, table]
    })
    return Object.fromEntries(await Promise.all(read)) as Record<SheetName, Raw>
  }
  if (books.length !== 1) throw refuse(books.length === 0 ? 'no workbook in it' : `${books.length} workbooks in it`)
  const file = join(folder, books[0])
  const sheets = await readWorkbook(file)
  const problems: Problem[] = []
  const found = SHEETS.map((name): [SheetName, Raw] => {
    const sheet = sheets.find((one) => one.name === name)
    if (sheet === undefined)
      problems.push({ file, line: null, field: name, found: 'no such sheet', fix: 'take the workbook as it is published' })
    return [name, { file: `${file} ${name}`, columns: sheet?.columns ?? COLUMNS[name], rows: sheet?.rows ?? [] }]
  })
  if (problems.length > 0) throw new InputError(problems)
  return Object.fromEntries(found) as Record<SheetName, Raw>
}

function gather(pairs: readonly (readonly [string, string])[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const [key, value] of pairs) {
    const values = found.get(key) ?? new Set()
    found.set(key, values.add(value))
  }
  return found
}

/** Rows by the names of their columns; what is wrong with a cell is kept with its line. */
class Table {
  private readonly raw: Raw
  private readonly problems: Problem[]
  private line = 0
  private cells: readonly string[] = []

  constructor(raw: Raw, needs: readonly string[], problems: Problem[]) {
    this.raw = raw
    this.problems = problems
    for (const column of needs) {
      if (!raw.columns.includes(column)) {
        const found = `the columns ${raw.columns.join(', ')}`
        throw new InputError([{ file: raw.file, line: 1, field: column, found, fix: `add the column ${column}` }])
      }
    }
    if (raw.rows.length === 0)
      problems.push({ file: raw.file, line: null, field: 'rows', found: 'none', fix: 'take the table as it is published' })
  }

  map<A>(read: (row: Table) => A): A[] {
    return this.raw.rows.map(({ line, cells }) => {
      this.line = line
      this.cells = cells
      return read(this)
    })
  }

  text(column: string): string {
    const found = this.cells[this.raw.columns.indexOf(column)]
    if (found === '') this.wrong(column, 'nothing', 'fill it in')
    return found
  }

  number(column: string): number {
    const text = this.cells[this.raw.columns.indexOf(column)]
    const value = text === '' ? Number.NaN : Number(text)
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) this.wrong(column, `"${text}"`, 'write a number of at least 0')
    return value
  }

  wrong(field: string, found: string, fix: string): void {
    this.problems.push({ file: this.raw.file, line: this.line, field, found, fix })
  }
}
