import type { NetworkCard } from '../../scenarios/result.ts'
import { type Html, html, short } from './html.ts'
import type { Projection } from './projection.ts'

/** Widths of the map, in pixels, that room for names is reckoned at: a telephone's, where only the busiest get one, and a desk's. */
const NARROW_PX = 340
const WIDE_PX = 600
const NAMED_WHEN_NARROW = 4
const LETTER_PX = 6.6
const LINE_PX = 15
const GAP_PX = 9

type Side = 'right' | 'left' | 'below' | 'above'
type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
type Mark = { readonly name: string; readonly x: number; readonly y: number }

/** Names of the warehouses, the busiest first, as long as they find room beside their mark. */
export function warehouseNames({ warehouses }: NetworkCard, sent: readonly number[], { place, height }: Projection): Html {
  const marks = warehouses.map(({ name, lon, lat }) => {
    const [x, y] = place(lon, lat)
    return { name, x, y }
  })
  const byParcels = marks.map((_, w) => w).toSorted((a, b) => (sent[b] ?? 0) - (sent[a] ?? 0))
  const order = byParcels.map((w) => marks[w])
  const narrow = sidesOf(order.slice(0, NAMED_WHEN_NARROW), marks, new Map(), NARROW_PX)
  const wide = sidesOf(order, marks, narrow, WIDE_PX)
  const names = [...wide].map(
    ([mark, side]) =>
      html`<span class="place ${side}${narrow.has(mark) ? '' : ' minor'}" style="left:${short(mark.x / 10)}%;top:${short((mark.y / height) * 100)}%">${mark.name}</span>`,
  )
  return html`<div aria-hidden="true">${names}</div>`
}

/**
 * A side for each name that finds one where neither a mark nor an earlier name lies; `fixed` ones keep theirs. The busiest is always
 * named, over other marks if it must.
 */
function sidesOf(
  order: readonly Mark[],
  marks: readonly Mark[],
  fixed: ReadonlyMap<Mark, Side>,
  widthPx: number,
): Map<Mark, Side> {
  const scale = widthPx / 1000
  const taken: Box[] = marks.map(({ x, y }) => ({
    left: x * scale - 6,
    top: y * scale - 6,
    right: x * scale + 6,
    bottom: y * scale + 6,
  }))
  const chosen = new Map<Mark, Side>()
  const leastBad = (mark: Mark): Side | undefined => {
    const bad = (side: Side) => overlaps(boxOf(mark, side, scale), taken, widthPx)
    return mark === order[0] ? (['right', 'left', 'below', 'above'] as const).toSorted((a, b) => bad(a) - bad(b))[0] : undefined
  }
  for (const mark of order) {
    const kept = fixed.get(mark)
    const sides: readonly Side[] = kept ? [kept] : ['right', 'left', 'below', 'above']
    const side = sides.find((each) => kept || overlaps(boxOf(mark, each, scale), taken, widthPx) === 0) ?? leastBad(mark)
    if (!side) continue
    taken.push(boxOf(mark, side, scale))
    chosen.set(mark, side)
  }
  return chosen
}

function boxOf({ name, x, y }: Mark, side: Side, scale: number): Box {
  const width = name.length * LETTER_PX + 6
  const left = {
    right: x * scale + GAP_PX,
    left: x * scale - GAP_PX - width,
    below: x * scale - width / 2,
    above: x * scale - width / 2,
  }[side]
  const top = {
    right: y * scale - LINE_PX / 2,
    left: y * scale - LINE_PX / 2,
    below: y * scale + GAP_PX,
    above: y * scale - GAP_PX - LINE_PX,
  }[side]
  return { left, top, right: left + width, bottom: top + LINE_PX }
}

/** How many marks and names a name would lie over; more than any where it would leave the map. */
function overlaps(box: Box, taken: readonly Box[], widthPx: number): number {
  if (box.left < 0 || box.right > widthPx) return taken.length + 1
  return taken.filter(
    (other) => !(box.right < other.left || other.right < box.left || box.bottom < other.top || other.bottom < box.top),
  ).length
}
