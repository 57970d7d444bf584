import type { Language } from '../../scenarios/explain/words.ts'
import type { Decision } from './decision.ts'

/** A decision in one sentence, and what comes next where it did not ship. */

type Words = { readonly [L in Language]: string }

/** By code: the reason in words, and what to do. */
const REASONS: ReadonlyMap<string, { readonly says: Words; readonly next: string }> = new Map(
  Object.entries({
    'no-stock': { says: { en: 'nothing that may be used has the goods', zh: '可用仓库均无货' }, next: 'queue:backorder' },
    'no-service': {
      says: { en: 'no service that may be used goes there', zh: '没有可用的配送服务可达' },
      next: 'review:constraints',
    },
    refused: {
      says: { en: 'every way breaks a limit of the order or a rule', zh: '所有方案均违反订单限制或规则' },
      next: 'review:constraints',
    },
    'no-set': {
      says: { en: 'no set of shipments keeps to all its limits', zh: '没有满足全部限制的发货组合' },
      next: 'review:constraints',
    },
    'no-world': { says: { en: 'nothing is known of the network yet', zh: '尚无网络状态' }, next: 'ask-again' },
    misbehaved: { says: { en: 'the policy did not answer as it must', zh: '策略未正常应答' }, next: 'ask-again' },
    pooled: { says: { en: 'it waits for a better moment', zh: '等待更合适的时机' }, next: 'wait' },
  }),
)
const UNKNOWN: Words = { en: 'it could not be shipped', zh: '暂时无法发货' }

export const nextActionOf = (reason: string | null): string =>
  (reason === null ? undefined : REASONS.get(reason)?.next) ?? 'ask-again'

/** One sentence: from where, by what, what it is weighed against; or why not. */
export function explainedIn(language: Language, decision: Decision, currency: string): string {
  const { status, reason, shipments, runnerUpCents, runnerUpWithout, priceCents, unfulfillable } = decision
  const isEnglish = language === 'en'
  if (shipments.length === 0) {
    const why = (reason === null ? undefined : REASONS.get(reason)?.says[language]) ?? reason ?? UNKNOWN[language]
    return isEnglish ? `Not shipped yet (${status}): ${why}.` : `暂不发货（${status}）：${why}。`
  }
  const ways = shipments
    .map(({ warehouse, service }) => (isEnglish ? `from ${warehouse} by ${service}` : `由 ${warehouse} 以 ${service} 发出`))
    .join(isEnglish ? ' and ' : '，')
  const least = Math.round(100 * Math.min(...shipments.map(({ eta }) => eta.onTimeShare)))
  const beside =
    runnerUpCents === null || priceCents === null || runnerUpWithout === null
      ? isEnglish
        ? 'there is no other way'
        : '没有其他方案'
      : isEnglish
        ? `without ${runnerUpWithout} the best way asks ${more(runnerUpCents - priceCents)} more (${currency}, or points)`
        : `若不用 ${runnerUpWithout}，次优方案多 ${more(runnerUpCents - priceCents)}（${currency} 或分值）`
  const rest =
    unfulfillable.length === 0
      ? ''
      : isEnglish
        ? ` ${unfulfillable.length} line(s) do not ship.`
        : `另有 ${unfulfillable.length} 行暂不发货。`
  return isEnglish
    ? `Ships ${ways}, ${least} % likely in time; ${beside}.${rest}`
    : `${ways}，准时概率 ${least}%；${beside}。${rest}`
}

const more = (cents: number): string => (cents / 100).toFixed(2)
