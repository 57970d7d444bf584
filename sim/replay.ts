/** A recorded order history as plain columns, ready to be met by the simulator one order after the other. Times are ms from day 0, 00:00 local. */
export type ReplayOrders = {
  readonly count: number
  /** Rising. */
  readonly placedMs: Float64Array
  /** NaN where the order carries no promise: the promise policy then makes one. */
  readonly promisedMs: Float64Array
  /** Index into the network's zones. */
  readonly zone: Int32Array
  /** Index into the network's payments. */
  readonly payment: Int32Array
  /** Warehouse that shipped it, -1 where unknown. */
  readonly origin: Int32Array
  /** Lines of order i are lineStart[i] … lineStart[i + 1]; 1 to 8 of them. */
  readonly lineStart: Int32Array
  readonly sku: Int32Array
  readonly units: Int32Array
  /**
   * What is known of each order beyond its warehouse and lane, as factors on its preparation and its line haul (a seller who is always
   * slow, a town beyond the last paved road); empty where nothing is.
   */
  readonly prepareFactor: Float64Array
  readonly haulFactor: Float64Array
  /** What was recorded, NaN where it was not. Never shown to a policy. */
  readonly recorded: {
    readonly approvedMs: Float64Array
    readonly handedOverMs: Float64Array
    readonly deliveredMs: Float64Array
  }
}

/** When each replayed order reached a stage in one simulated replication, ms from day 0; NaN where it did not. */
export type ReplayOutcome = {
  readonly approvedMs: Float64Array
  readonly handedOverMs: Float64Array
  readonly deliveredMs: Float64Array
}
