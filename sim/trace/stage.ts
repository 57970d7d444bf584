/** The stages of a parcel's life in their order, each named by what ends it. A trace's `waited` fills each to the millisecond. */
export const STAGES = [
  { id: 'payment', ends: 'paid', says: 'payment' },
  { id: 'stock', ends: 'routed', says: 'for goods' },
  { id: 'preparation', ends: 'released', says: 'preparation' },
  { id: 'pick queue', ends: 'picking', says: 'for a picker' },
  { id: 'pick', ends: 'picked', says: 'picking' },
  { id: 'pack queue', ends: 'packing', says: 'for a packer' },
  { id: 'pack', ends: 'packed', says: 'packing' },
  { id: 'truck', ends: 'handedOver', says: 'for a truck' },
  { id: 'road', ends: 'atHub', says: 'on the road' },
  { id: 'hub', ends: 'atStation', says: 'at the hub' },
  { id: 'vans', ends: 'outForDelivery', says: 'for the vans' },
  { id: 'round', ends: 'delivered', says: "on the van's round" },
] as const
export type StageId = (typeof STAGES)[number]['id']

/** What a promise allows time for: the warehouse's queues and work share one allowance, and what it leaves over is its reserve. */
export const ALLOWANCES = [
  'payment',
  'stock',
  'preparation',
  'warehouse',
  'truck',
  'road',
  'hub',
  'vans',
  'round',
  'reserve',
] as const
export type AllowanceId = (typeof ALLOWANCES)[number]

const IN_WAREHOUSE: ReadonlySet<StageId> = new Set(['pick queue', 'pick', 'pack queue', 'pack'])
/** The allowance a stage draws on. */
export const allowanceOf = (stage: StageId): AllowanceId =>
  IN_WAREHOUSE.has(stage) ? 'warehouse' : (stage as Exclude<StageId, 'pick queue' | 'pick' | 'pack queue' | 'pack'>)
