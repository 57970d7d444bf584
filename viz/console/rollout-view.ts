import type { RolloutPicture, RolloutRow } from '../../twin/wire.ts'
import { type Child, element } from './element.ts'
import { amount, funnelOf, intervalOf, isKnown, type Metric } from './harm.ts'
import type { Said } from './said.ts'
import type { Word } from './words.ts'

/** A rollout in elements: first what is said of it, then the way it has gone, what is measured, whether that is sound, who did what. */
export function viewOf(of: RolloutPicture, said: Said, buttons: readonly Child[]): Child[] {
  const { words, format } = said
  // What the verdict says above need not be said twice.
  const waits = of.waitsFor.filter((what) => of.verdict === null || !what.includes(of.verdict.says))
  return [
    element(
      'p',
      { class: 'line rollout-name' },
      element('b', {}, of.name),
      element('span', { class: `badge ${toneOf(of.state, of.verdict?.verdict ?? null)}` }, of.state),
    ),
    element(
      'p',
      { class: 'soft versions' },
      `${words('stableIs')} ${short(of.stable)} → ${words('candidateIs')} ${short(of.candidate)} · ${words('unit')} ${of.unit}`,
    ),
    ladderOf(of, said),
    verdictOf(of, said),
    of.ended === null ? null : element('p', { class: 'ended' }, words('endedAs', format.moment(of.ended.atMs), of.ended.because)),
    waits.length === 0
      ? null
      : [
          element('h3', {}, words('waitsFor')),
          element(
            'ul',
            { class: 'waits' },
            waits.map((what) => element('li', {}, what)),
          ),
        ],
    buttons.length === 0 ? null : element('div', { class: 'acts' }, buttons),
    of.verdict === null || of.verdict.metrics.length === 0
      ? null
      : [
          element('h3', {}, words('metrics')),
          element(
            'div',
            { class: 'metrics' },
            of.verdict.metrics.map((metric) => metricOf(metric, of, said)),
          ),
        ],
    soundOf(of, said),
    element('h3', {}, words('yeses')),
    of.approvals.length === 0
      ? element('p', { class: 'soft' }, words('nobodyYet'))
      : element(
          'ul',
          { class: 'yeses' },
          of.approvals.map(({ who, atMs, of: what }) =>
            element('li', {}, element('b', {}, who), ` ${format.moment(atMs)} `, element('code', {}, what.slice(0, 12))),
          ),
        ),
    element('h3', {}, words('trail')),
    element(
      'ol',
      { class: 'trail' },
      of.trail
        .toReversed()
        .map(({ seq, atMs, who, what, says }) =>
          element(
            'li',
            {},
            element('span', { class: 'soft' }, `${seq} · ${format.moment(atMs)}`),
            element('span', {}, element('b', {}, `${who} `), what),
            says === '' ? null : element('span', { class: 'says' }, says),
          ),
        ),
    ),
  ]
}

export function rowOf(row: RolloutRow, said: Said, open: () => void): Child {
  const { format } = said
  return element(
    'li',
    {},
    element(
      'button',
      { type: 'button', class: 'rollout-row', 'data-key': `rollout-${row.id}`, onclick: open },
      element(
        'span',
        { class: 'line' },
        element('b', {}, row.name),
        element('span', { class: `badge ${toneOf(row.state, row.verdict)}` }, row.state),
      ),
      element(
        'span',
        { class: 'soft' },
        `${short(row.candidate)} · ${format.percent(row.share)} · ${format.moment(row.draftedMs)}`,
      ),
      row.held === null && row.says === null ? null : element('span', { class: 'says' }, row.held ?? row.says),
    ),
  )
}

const VERDICT: Readonly<Record<string, readonly [Word, string]>> = {
  promote: ['verdictPromote', 'is-fine'],
  hold: ['verdictHold', 'is-open'],
  'roll back': ['verdictBack', 'is-harm'],
  inconclusive: ['verdictOpen', 'is-open'],
}

function toneOf(state: string, verdict: string | null): string {
  if (state === 'settled' || state === 'live') return 'is-fine'
  if (state === 'rolled-back' || state === 'rolling-back' || state === 'rejected') return 'is-harm'
  return verdict === null ? 'is-open' : (VERDICT[verdict]?.[1] ?? 'is-open')
}

function verdictOf({ verdict, held, share }: RolloutPicture, { words, format }: Said): Child {
  const [word, tone] = verdict === null ? (['noVerdict', 'is-open'] as const) : (VERDICT[verdict.verdict] ?? VERDICT.hold)
  return element(
    'div',
    { class: `verdict ${tone}`, role: 'status' },
    element('h2', {}, words(word)),
    verdict === null ? null : element('p', {}, verdict.says),
    held === null
      ? null
      : element('p', { class: 'held' }, words('standsStill', format.moment(held.sinceMs), held.who, held.because)),
    verdict === null || verdict.because.length < 2
      ? null
      : element(
          'details',
          {},
          element('summary', {}, words('reasons')),
          element(
            'ul',
            {},
            verdict.because.map((reason) => element('li', {}, reason)),
          ),
        ),
    element('p', { class: 'soft' }, words('decidesFor', format.percent(share))),
    verdict?.earliestMs == null ? null : element('p', { class: 'soft' }, words('earliest', format.moment(verdict.earliestMs))),
  )
}

const STEP_WORDS: Readonly<Record<string, Word>> = { shadow: 'stepShadow', live: 'stepLive', settled: 'stepSettled' }

function ladderOf({ ladder }: RolloutPicture, { words, format }: Said): Child {
  const at = ladder.findLastIndex(({ sinceMs }) => sinceMs !== null)
  return element(
    'ol',
    { class: 'ladder', 'aria-label': words('ladder') },
    ladder.map(({ step, sinceMs, isOver, needsApproval }, i) =>
      element(
        'li',
        {
          class: isOver ? 'is-over' : i === at ? 'is-here' : 'is-ahead',
          'aria-current': i === at && !isOver ? 'step' : null,
        },
        element('b', {}, step in STEP_WORDS ? words(STEP_WORDS[step]) : step),
        element('span', { class: 'soft' }, sinceMs !== null ? format.moment(sinceMs) : needsApproval ? words('needsYes') : ''),
      ),
    ),
  )
}

function metricOf(metric: Metric, { looks, doses }: RolloutPicture, said: Said): Child {
  const { words, format } = said
  const { unit, harm, lower, upper, margin, corrected, twin, units } = metric
  const tone = metric.isHarm ? 'is-harm' : metric.isNoWorse ? 'is-fine' : 'is-open'
  const word = metric.isHarm ? 'isHarm' : metric.isNoWorse ? 'noWorse' : 'notYet'
  const known = isKnown(metric)
  const says = (of: { harm: number; lower: number; upper: number }): string =>
    words('harmIs', amount(unit, of.harm), amount(unit, of.lower), amount(unit, of.upper))
  return element(
    'section',
    { class: `metric ${tone}` },
    element(
      'p',
      { class: 'line' },
      element('span', {}, element('b', {}, metric.id), element('span', { class: 'soft' }, ` ${metric.role}`)),
      element('span', { class: `badge ${tone}` }, words(word)),
    ),
    known ? intervalOf(metric, said) : null,
    element(
      'dl',
      {},
      fact(words('naive'), known ? says({ harm, lower, upper }) : words('nothingKnown')),
      corrected === null ? null : fact(words('corrected'), says(corrected)),
      twin === null ? null : fact(words('foreseen'), amount(unit, twin)),
    ),
    (doses.find(({ id }) => id === metric.id)?.says ?? []).map((one) => element('p', { class: 'soft' }, one)),
    funnelOf(metric, looks, said),
    element(
      'p',
      { class: 'soft line' },
      element('span', {}, words('accepted', amount(unit, margin))),
      element('span', {}, words('unitsOf', format.count(units.candidate), format.count(units.stable))),
    ),
  )
}

function soundOf({ orders, harm, verdict }: RolloutPicture, { words, format }: Said): Child {
  const light = (name: Word, alarm: boolean, says: string): Child =>
    element(
      'li',
      { class: alarm ? 'is-harm' : 'is-fine' },
      element('span', {}, words(name)),
      element('b', { class: 'is-said' }, words(alarm ? 'alarm' : 'inOrder')),
      element('span', { class: 'soft' }, says),
    )
  const money = (cents: number): string => format.count(cents / 100)
  return [
    verdict === null
      ? null
      : [
          element('h3', {}, words('lights')),
          element(
            'ul',
            { class: 'lights' },
            light('ratio', verdict.ratio.isAlarm, `p ${least(verdict.ratio).toPrecision(2)}`),
            light('missing', verdict.missingAlarm, ''),
          ),
        ],
    element('h3', {}, words('harmSoFar')),
    element(
      'div',
      { class: 'gauges' },
      gauge(
        words('matured'),
        orders.matured,
        orders.candidate,
        words('maturedOf', format.count(orders.matured), format.count(orders.candidate)),
        'is-open',
      ),
      gauge(
        '',
        harm.orders,
        harm.ordersMax,
        words('ordersOf', format.count(harm.orders), format.count(harm.ordersMax)),
        'is-harm',
      ),
      gauge('', harm.cents, harm.centsMax, words('moneyOf', money(harm.cents), money(harm.centsMax)), 'is-harm'),
    ),
    orders.differing === null || orders.all === 0
      ? null
      : element('p', { class: 'soft' }, words('differing', format.percent(orders.differing / orders.all))),
  ]
}

const least = ({ assigned, exposed, matured }: { assigned: number; exposed: number; matured: number }): number =>
  Math.min(assigned, exposed, matured)

function gauge(name: string, value: number, most: number, says: string, tone: string): Child {
  const part = most > 0 ? Math.min(1, Math.max(0, value / most)) : 0
  return element(
    'div',
    { class: 'gauge' },
    element('span', {}, name === '' ? says : `${name}: ${says}`),
    element('i', { class: `rail ${tone}`, style: `--part: ${(part * 100).toFixed(1)}%`, 'aria-hidden': true }),
  )
}

const fact = (name: string, value: string): Child =>
  element('div', {}, element('dt', { class: 'fact-name' }, name), element('dd', { class: 'fact-value' }, value))

/** A version's id without what repeats in all of them. */
const short = (version: string): string => version.replace(/^routing\//, '').replace(/@(.{6}).*$/, '@$1')
