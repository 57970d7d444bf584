import type { CompiledRules } from '../../policies/rules/compiled.ts'
import type { RuleSetSpec, SortKey } from '../../policies/rules/spec.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { odd, type Remark } from './remark.ts'

/** Keys that are the same for all services of a warehouse. */
const OF_A_WAREHOUSE: readonly SortKey[] = ['km', 'backlogHours', 'parcelsAhead', 'unitsLeft', 'stockShare', 'rank']

/** Sorts that can change nothing. */
export function idleSorts(spec: RuleSetSpec, { warehouses }: NetworkSpec, compiled: CompiledRules): Remark[] {
  const { W } = compiled
  return spec.rules.flatMap(({ sort = [], otherwise }, r) => {
    const ships = warehouses.flatMap((_, w) => (compiled.warehouses[r * W + w] === 1 || otherwise === 'relax' ? [w] : []))
    return sort.flatMap(({ by }, i) => {
      const at = compiled.sortFirst[r] + i
      const path = ['rules', r, 'sort', i]
      const before = sort.findIndex((other, j) => j < i && other.by === by && isFiner(compiled, compiled.sortFirst[r] + j, at))
      if (before >= 0) return [odd(path, `\`${by}\` again, no finer than in sort ${before + 1}`, 'leave it out')]
      if (ships.length === 1 && OF_A_WAREHOUSE.includes(by))
        return [odd(path, `\`${by}\` where only \`${warehouses[ships[0]].id}\` may ship`, 'leave it out: it is the same for all')]
      if (by === 'rank' && ships.every((w) => compiled.ranks[at * W + w] === compiled.ranks[at * W + ships[0]]))
        return [odd(path, 'a rank that is the same for all warehouses that may ship', 'leave it out, or name some of them')]
      if (by !== 'rank' && compiled.sortBands[at] === 1)
        return [odd(path, `a band of ${spec.rules[r].sort?.[i].band}, in which everything lies`, 'make it narrower')]
      return []
    })
  })
}

const isFiner = ({ sortBand }: CompiledRules, before: number, at: number): boolean =>
  sortBand[at] >= sortBand[before] && sortBand[at] % sortBand[before] === 0
