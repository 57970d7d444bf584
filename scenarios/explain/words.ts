import type { REFUSALS } from '../../policies/rules/compiled.ts'
import type { Reason } from '../../sim/explain/decision.ts'
import type { Rung, TermName } from '../../sim/term.ts'

/** Every sentence of an explanation, in each language; `{…}` is filled in. */
export const LANGUAGES = ['en', 'zh'] as const
export type Language = (typeof LANGUAGES)[number]
export type Words = { readonly [L in Language]: string }

/** A term with its amount, `{n}`: money without the currency, else in the term's unit. */
export const TERM_WORDS: { readonly [N in TermName]: Words } = {
  cost: { en: '{n} freight and handling', zh: '运费与处理费 {n}' },
  lateness: { en: '{n} expected lateness', zh: '预期迟到损失 {n}' },
  hands: { en: '{n} that hands are worth to orders to come', zh: '人手对后续订单的价值 {n}' },
  truckRoom: { en: '{n} that places on the truck are worth to orders to come', zh: '车位对后续订单的价值 {n}' },
  goods: { en: '{n} that the goods are worth to orders to come', zh: '库存对后续订单的价值 {n}' },
  queue: { en: '{n} for the queue', zh: '排队费用 {n}' },
  carbon: { en: '{n} for carbon', zh: '碳排放费用 {n}' },
  emptyShelf: { en: '{n} for the risk that the goods are not there', zh: '货架缺货风险 {n}' },
  experience: { en: '{n} by which shipments like it came dearer than expected', zh: '同类包裹实际超出预期的损失 {n}' },
  doubt: { en: '{n} for how little is known of such shipments', zh: '因经验不足而扣减 {n}' },
  fullWave: { en: '{n} for a place on a departure that fills up', zh: '即将满载班车的车位费用 {n}' },
  distance: { en: '{n} km to the customer', zh: '距客户 {n} 公里' },
  queueTime: { en: '{n} h until it is packed', zh: '打包前需等待 {n} 小时' },
  parcelsAhead: { en: '{n} parcels before it', zh: '前面有 {n} 个包裹' },
  notPickedByLot: { en: '{n} warehouses not picked by lot', zh: '未被抽中的仓库 {n} 个' },
  notInTime: { en: '{n} shipment(s) late by the plan', zh: '按计划会迟到的包裹 {n} 个' },
  pastCap: { en: '{n} warehouse(s) past the cap', zh: '超出上限的仓库 {n} 个' },
  listPlace: { en: '{n} places down the list', zh: '列表首位之后第 {n} 位' },
  keptForHome: {
    en: '{n} shipment(s) of goods that are kept for customers nearer by',
    zh: '动用为就近客户预留库存的包裹 {n} 个',
  },
  notAsDrawn: { en: '{n} line(s) not from the warehouse the plan drew for them', zh: '未从计划抽定仓库发出的商品 {n} 行' },
  journey: { en: '{n} h from order to door', zh: '下单到送达 {n} 小时' },
  rulesPassed: { en: '{n} rules passed over before `{of}`', zh: '在规则“{of}”之前跳过 {n} 条规则' },
  shipments: { en: '{n} shipment(s)', zh: '包裹 {n} 个' },
  'sort km': { en: 'band {n} by distance', zh: '距离第 {n} 档' },
  'sort cost': { en: 'band {n} by cost', zh: '成本第 {n} 档' },
  'sort etaHours': { en: 'band {n} by arrival', zh: '到达时间第 {n} 档' },
  'sort backlogHours': { en: 'band {n} by backlog', zh: '积压时长第 {n} 档' },
  'sort parcelsAhead': { en: 'band {n} by parcels before it', zh: '前面包裹数第 {n} 档' },
  'sort unitsLeft': { en: 'band {n} by units left', zh: '剩余库存第 {n} 档' },
  'sort stockShare': { en: 'band {n} by stock share', zh: '库存比例第 {n} 档' },
  'sort rank': { en: 'band {n} by rank', zh: '优先顺序第 {n} 档' },
  'sort co2Grams': { en: 'band {n} by CO2', zh: '碳排放第 {n} 档' },
  'sort lateShare': { en: 'band {n} by odds of being late', zh: '迟到概率第 {n} 档' },
  price: { en: '{n} points', zh: '{n} 分' },
}

export const RUNG_WORDS: { readonly [R in Rung]: Words } = {
  'fresh prices': { en: 'fresh prices', zh: '最新价格' },
  'stale prices': { en: 'stale prices', zh: '过期价格' },
  rules: { en: 'rules', zh: '规则' },
  static: { en: 'a static table', zh: '静态表' },
}

/** What a rule's filter found wrong. */
export const FILTER_WORDS: { readonly [F in (typeof REFUSALS)[number]]: Words } = {
  'let through': { en: 'nothing', zh: '无' },
  'part of an order': { en: 'it would carry only a part of the order', zh: '只能发出部分订单' },
  warehouse: { en: 'the warehouse', zh: '仓库不符' },
  service: { en: 'the service', zh: '服务不符' },
  km: { en: 'the distance', zh: '距离过远' },
  'units left': { en: 'too few units left', zh: '剩余库存过少' },
  backlog: { en: 'the backlog', zh: '积压过久' },
  'parcels ahead': { en: 'too many parcels before it', zh: '前面包裹过多' },
  cost: { en: 'the cost', zh: '成本过高' },
  CO2: { en: 'the CO2', zh: '碳排放过高' },
  'stock share': { en: 'too small a share of stock left', zh: '库存比例过低' },
  departure: { en: 'it leaves too late', zh: '发车过晚' },
  'leaves today': { en: 'it does not leave today', zh: '当天不发车' },
  'in time': { en: 'it is not in time nine times in ten', zh: '九成把握下无法按时' },
  'late share': { en: 'the odds of being late', zh: '迟到概率过高' },
}

export const REASON_WORDS: { readonly [B in Reason['because']]: Words } = {
  closed: { en: 'it is closed', zh: '仓库停业' },
  'recorded origin': { en: 'the order keeps its recorded origin, {origin}', zh: '订单保留历史发货仓 {origin}' },
  'no lane': { en: 'no service goes from it to {zone}', zh: '没有到{zone}的配送服务' },
  'no stock': { en: 'it lacks {lacks}', zh: '缺货：{lacks}' },
  'not allowed': { en: 'the policy does not allow it for this order', zh: '策略不允许此订单从该仓发货' },
  'not on the shelf': { en: 'a picker found too little of it there for this order', zh: '此订单曾在该仓拣货，实物不足' },
  'no departure': { en: 'no truck is timetabled', zh: '没有排定的班车' },
  'not in time': {
    en: 'nine in ten would be there by {eta} only, promised is {promised}',
    zh: '九成把握要到 {eta} 才送达，承诺为 {promised}',
  },
  'too much CO2': { en: 'it would emit {grams} g CO2e, allowed are {cap} g', zh: '将排放 {grams} 克二氧化碳当量，上限 {cap} 克' },
  rule: { en: 'rule `{rule}` refuses it: {filter}', zh: '规则“{rule}”拒绝：{filter}' },
  refused: { en: 'the policy refuses it', zh: '策略拒绝' },
  'no set': {
    en: 'no set of {most} shipments that includes it covers the order{cap}',
    zh: '包含它且不超过 {most} 个包裹的方案无法覆盖订单{cap}',
  },
}

export const SENTENCES = {
  head: {
    en: 'Order {order} to {zone}: {lines}. Placed {placed}, promised for {promised}; decided {now}.',
    zh: '订单 {order}，送往{zone}：{lines}。下单 {placed}，承诺 {promised}；决定于 {now}。',
  },
  line: { en: '{units} × {sku}', zh: '{sku} × {units}' },
  ships: {
    en: 'Ships {what}from {warehouse} by {service}: packed by {packed} behind {parcels} parcels, leaves {depart}, there by {eta} (nine in ten by {eta90}), in time {onTime} %.',
    zh: '{what}从{warehouse}以{service}发货：前面有 {parcels} 个包裹，{packed} 前打包，{depart} 发车，预计 {eta} 送达（九成把握 {eta90}），按时概率 {onTime}%。',
  },
  part: { en: '{lines} ', zh: '{lines} ' },
  waits: { en: 'It waits: no set of shipments covers it now.', zh: '订单等待：目前没有可行的发货方案。' },
  costs: { en: 'Price {total} {currency}: {terms}.', zh: '价格 {total} {currency}：{terms}。' },
  ranks: { en: 'It ranks first by: {terms}.', zh: '排序依据：{terms}。' },
  runnerUp: { en: 'Next best without {warehouse}: {set}. {more}', zh: '不用{warehouse}时的次优方案：{set}。{more}' },
  noRunnerUp: { en: 'Without {warehouses} nothing covers the order.', zh: '不用{warehouses}则无法满足订单。' },
  one: { en: '{warehouse} by {service}', zh: '{warehouse}以{service}' },
  onePart: { en: '{lines} from {warehouse} by {service}', zh: '{lines} 从{warehouse}以{service}' },
  more: { en: 'It would ask {more} {currency} more: {terms}.', zh: '将多花 {more} {currency}：{terms}。' },
  decidedBy: { en: 'What decides: {here} here, {there} there.', zh: '决定因素：此处{here}，彼处{there}。' },
  none: { en: 'none', zh: '无' },
  same: { en: 'It asks exactly the same; of equals the nearer is taken.', zh: '价格完全相同；相同时取较近者。' },
  lessThanCent: { en: 'It asks less than 0.01 {currency} more.', zh: '多花不到 0.01 {currency}。' },
  fullTruck: {
    en: 'Parcels given to {warehouse} before it fill its {service} truck of {full}: it would leave {depart}.',
    zh: '{warehouse}{full} 的{service}班车已被先前的包裹占满，只能 {depart} 发车。',
  },
  whyNotDoes: { en: 'Why not {warehouse}? It does ship from there.', zh: '为什么不从{warehouse}发货？订单正是从那里发货。' },
  whyNotDearer: {
    en: 'Why not {warehouse}? The best with it is {set}. {more}',
    zh: '为什么不从{warehouse}发货？包含它的最优方案是{set}。{more}',
  },
  whyNotCannot: { en: 'Why not {warehouse}? It cannot be: {reasons}.', zh: '为什么不从{warehouse}发货？不可行：{reasons}。' },
  ruledOut: { en: 'Ruled out: {warehouse}, since {reasons}.', zh: '已排除：{warehouse}，因为{reasons}。' },
  lack: { en: '{sku} (asked {units}, free {available})', zh: '{sku}（需要 {units}，可用 {available}）' },
  withinCo2: { en: ' within {cap} g CO2e', zh: '（二氧化碳当量上限 {cap} 克）' },
  anyNumber: { en: 'any number of', zh: '任意' },
  stamp: { en: 'Decided by {policy} [{digest}]{knobs}{plan}{rung}.', zh: '由 {policy} [{digest}]{knobs}决定{plan}{rung}。' },
  plan: { en: ', prices {minutes} minutes old', zh: '，价格已有 {minutes} 分钟' },
  rung: { en: ', by {rung}', zh: '，依据{rung}' },
  today: { en: 'today {clock}', zh: '今天 {clock}' },
  tomorrow: { en: 'tomorrow {clock}', zh: '明天 {clock}' },
  yesterday: { en: 'yesterday {clock}', zh: '昨天 {clock}' },
  otherDay: { en: 'day {day} {weekday} {clock}', zh: '第 {day} 天（{weekday}）{clock}' },
  never: { en: 'never', zh: '永不' },
  comma: { en: ', ', zh: '，' },
  semicolon: { en: '; ', zh: '；' },
  plus: { en: ' + ', zh: ' + ' },
} as const satisfies { readonly [key: string]: Words }

export const WEEKDAY_WORDS: readonly Words[] = [
  { en: 'Mon', zh: '周一' },
  { en: 'Tue', zh: '周二' },
  { en: 'Wed', zh: '周三' },
  { en: 'Thu', zh: '周四' },
  { en: 'Fri', zh: '周五' },
  { en: 'Sat', zh: '周六' },
  { en: 'Sun', zh: '周日' },
]

/** Fills in a sentence; what it asks for and is not given is a slip of ours, and said. */
export function filled(words: string, values: Readonly<Record<string, string | number>>): string {
  return words.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`"${words}" is not told its {${name}}`)
    return String(value)
  })
}
