import { REG, type WorldView } from './world.ts'

/**
 * How many times as long a line haul that leaves at `departMs` will take, as far as anybody can know now. A storm that was announced is counted on
 * for what leaves while it lasts, and no longer; other weather is taken to stay as it is. `road` is zone · W + warehouse.
 */
export function slowAhead(world: WorldView, road: number, departMs: number): number {
  const { regs } = world
  if (world.size.foreseen === 0 || regs[REG.foreseenToMs] === 0) return world.laneSlow[road]
  if (departMs >= regs[REG.foreseenToMs]) return 1
  return departMs >= regs[REG.foreseenFromMs] ? world.foreseenSlow[road] : world.laneSlow[road]
}
