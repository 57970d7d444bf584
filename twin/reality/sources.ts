/**
 * Who tells what. Events of an order at one millisecond are sorted by source, then by id; these names sort as an order walks: the customer in the
 * shop's app, the bank, the carriers' hubs and stations behind the shop's order desk and the warehouse.
 */
export const APP = 'app'
export const BANK = 'bank'
export const DESK = 'oms'
export const warehouseSource = (id: string): string => `wms:${id}`
/** Hubs and stations scan long after the warehouse has given the parcel away, never within its millisecond. */
export const hubSource = (id: string): string => `hub:${id}`
export const stationSource = (zone: string): string => `station:${zone}`
export const carrierSource = (service: string): string => `carrier:${service}`
export const WEATHER = 'weather'
export const MARKET = 'market'
export const probeSource = (warehouse: string): string => `probe:${warehouse}`
