import type { Language } from './words.ts'

/** Numbers and times as people of a language write them, in the zone of whoever looks. */
export type Format = {
  readonly count: (value: number) => string
  readonly percent: (part: number) => string
  readonly clock: (ms: number) => string
  readonly moment: (ms: number) => string
  readonly duration: (ms: number) => string
}

export function formatIn(language: Language): Format {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
  const moment = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  const [d, h, m, s] = language === 'zh' ? ['天', '小时', '分', '秒'] : ['d', 'h', 'min', 's']
  return {
    count: (value) => count.format(value),
    percent: (part) => `${(part * 100).toFixed(part > 0.995 || part < 0.1 ? 1 : 0)} %`,
    clock: (ms) => clock.format(ms),
    moment: (ms) => moment.format(ms),
    duration: (ms) => {
      const minutes = Math.floor(ms / 60_000)
      if (minutes >= 48 * 60) return `${Math.floor(minutes / 1440)} ${d} ${Math.floor((minutes % 1440) / 60)} ${h}`
      if (minutes >= 60) return `${Math.floor(minutes / 60)} ${h} ${minutes % 60} ${m}`
      if (minutes >= 1) return `${minutes} ${m}`
      return ms === 0 || ms >= 10_000 ? `${Math.floor(ms / 1000)} ${s}` : `${(ms / 1000).toFixed(1)} ${s}`
    },
  }
}
