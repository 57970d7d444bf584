import { purchaseNumber } from './purchases.ts'
import { measured, type ThingFold, text, thingOf, write } from './things.ts'

/**
 * Units on the shelf, by warehouse and article. A count is the truth from its instant on; what came in, was found or left since is added to it.
 * Before the first count the shelf is taken to have been empty.
 */
export const STOCK: ThingFold = {
  id: 'stock',
  kinds: ['stock.counted', 'stock.received', 'stock.adjusted', 'stock.picked'],
  tell(things, event, kind) {
    const units = measured('units', kind === 0 ? event.onHand : event.quantity)
    // What was told; 1 where it is the truth, below 0 where it came in of a purchase that was named; by how much it changes the shelf.
    const told = kind === 0 ? 1 : event.purchase === undefined ? 0 : -purchaseNumber(text(event.purchase))
    write(units, told, kind === 3 ? -units : units)
    return thingOf(things, text(event.warehouse), text(event.sku))
  },
  make: (numbers, at, before) => (numbers[at + 1] === 1 ? numbers[at] : (Number.isNaN(before) ? 0 : before) + numbers[at + 2]),
}
