/** On which side of its disc a site is named. */
export type Side = 'right' | 'left' | 'below' | 'above'
export type Labelled = { readonly x: number; readonly y: number; readonly half: number; readonly width: number }

const LINE = 18
const GAP = 4
const SIDES: readonly Side[] = ['right', 'left', 'below', 'above']

/**
 * A side for each label, so that as few as possible lie on discs or on each other: in turn, from the crowded to the lonely, each where least is in its
 * way. Good enough for some dozens of sites, and the same for the same places.
 */
export function sidesOf(all: readonly Labelled[], width: number): Side[] {
  const discs = all.map(({ x, y, half }) => ({ left: x - half, right: x + half, top: y - half, bottom: y + half }))
  const crowd = all.map((one) => all.filter((other) => Math.hypot(one.x - other.x, one.y - other.y) < 140).length)
  const order = all.map((_, i) => i).sort((a, b) => crowd[b] - crowd[a] || all[a].y - all[b].y)
  const placed: Box[] = []
  const sides: Side[] = []
  for (const i of order) {
    const boxes = SIDES.map((side) => boxOf(all[i], side))
    const costs = boxes.map(
      (box, s) =>
        discs.reduce((sum, disc, other) => sum + (other === i ? 0 : overlap(box, disc)), 0) +
        placed.reduce((sum, other) => sum + 2 * overlap(box, other), 0) +
        (box.left < 0 || box.right > width ? 1e6 : 0) +
        s,
    )
    const best = costs.indexOf(Math.min(...costs))
    sides[i] = SIDES[best]
    placed.push(boxes[best])
  }
  return sides
}

type Box = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

function boxOf({ x, y, half, width }: Labelled, side: Side): Box {
  const across = side === 'right' ? x + half + GAP : side === 'left' ? x - half - GAP - width : x - width / 2
  const down = side === 'below' ? y + half + GAP : side === 'above' ? y - half - GAP - LINE : y - LINE / 2
  return { left: across, right: across + width, top: down, bottom: down + LINE }
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top))
