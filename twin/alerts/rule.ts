import { aboveZero, countOf, id, part, record, type Static, Type, text } from '../../scenarios/schema/type.ts'
import { ORDER_STATES } from '../order/lifecycle.ts'

/** Rules of alerts as data: the shape of `rules.yaml`. */
const states = Type.Union(ORDER_STATES.map(({ id: state }) => Type.Literal(state)))
const severity = Type.Union(
  ['notice', 'warning', 'critical'].map((word) => Type.Literal(word as 'notice' | 'warning' | 'critical')),
)
const all = {
  id: id('Name of the rule; an alert carries it.', 'stuck-at-pick'),
  severity,
  en: text(
    'What is said, in English. {order}, {warehouse}, {state}, {hours}, {value}, {limit}, {source} are filled in.',
    'Order {order} waits at {warehouse}',
  ),
  zh: text('The same in Chinese.', '订单 {order} 在 {warehouse} 等待'),
  adviseEn: text('What to do about it, in English.', 'Look for its goods; move it if they are not there.'),
  adviseZh: text('The same in Chinese.', '查找商品;如缺货请改派。'),
}

export const RULES_SCHEMA = record(
  {
    rules: Type.Array(
      Type.Union([
        record({ ...all, kind: Type.Literal('overdue'), hours: aboveZero('Past its promise by so long, and not delivered.', 1) }),
        record({
          ...all,
          kind: Type.Literal('will-be-late'),
          chance: part('It comes late with at least this chance.', 0.8),
          leadHours: aboveZero('Only when the promise is at least so far ahead: then something can be done.', 2),
        }),
        record({
          ...all,
          kind: Type.Literal('dwell'),
          state: states,
          hours: aboveZero('In this state for longer than this.', 12),
        }),
        record({
          ...all,
          kind: Type.Literal('temperature'),
          least: Type.Number({ description: 'Degrees Celsius.', examples: [2] }),
          most: Type.Number({ description: 'Degrees Celsius.', examples: [25] }),
        }),
        record({
          ...all,
          kind: Type.Literal('route-deviation'),
          km: aboveZero('Farther from the straight way between its warehouse and its zone than this.', 150),
        }),
        record({
          ...all,
          kind: Type.Literal('feed-silence'),
          minutes: aboveZero('Nothing from a source for longer than this, and than five times the usual.', 10),
        }),
        record({
          ...all,
          kind: Type.Literal('stock-divergence'),
          units: countOf('A count differs from the books by at least so many units …', 5),
          share: part('… and by at least this part of them.', 0.1),
        }),
        record({
          ...all,
          kind: Type.Literal('standstill'),
          at: Type.Union([Type.Literal('hub'), Type.Literal('station')]),
          parcels: countOf('So many parcels stand there …', 20),
          hours: aboveZero('… and none has got on from there for so long.', 6),
        }),
        record({
          ...all,
          kind: Type.Literal('queue'),
          perHand: aboveZero('Orders that wait to be picked for each pair of hands.', 40),
        }),
      ]),
      { description: 'Looked at in this order; an order may be told by several.' },
    ),
  },
  'Rules of alerts',
)
export type AlertRules = Static<typeof RULES_SCHEMA>
export type AlertRule = AlertRules['rules'][number]
export type AlertKind = AlertRule['kind']
