/** What a record and its detail are made of: see `world.ts`. */
export const RECORD_BYTES = 32
export const DETAIL_BYTES = 12
const F = RECORD_BYTES / 8 // f64 per record
const I = RECORD_BYTES / 4 // i32 per record
const H = RECORD_BYTES / 2 // u16 per record
const B = RECORD_BYTES // u8 per record
const DI = DETAIL_BYTES / 4 // i32 per detail
const DB = DETAIL_BYTES // u8 per detail

/** Where the fields of a record and of its detail lie; for the pen and the event list. Two fields of four bits share `stateAndLines`. */
export const FIELD = {
  f64: { eventMs: 0, stride: F },
  i32: { key: 2, next: 3, order: 4, lines: 5, stride: I },
  u16: { zone: 12, warehouse: 13, stride: H },
  u8: { kind: 28, service: 29, stateAndLines: 30, flags: 31, stride: B },
  detail: { placedLow: 0, promisedLow: 1, counts: 2, stride: DI },
  detailByte: { placedHigh: 8, promisedHigh: 9, openParcels: 10, attempts: 11, stride: DB },
} as const
