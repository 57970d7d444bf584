import { numberText } from './format.ts'
import { hourName, hourTicks } from './hours.ts'
import { type Html, html } from './html.ts'
import { section, stillLegend } from './parts.ts'
import { line, plot } from './plot.ts'
import { atLeastTwoSteps, decimalsFor, partOf, type Span, spanOf } from './scale.ts'
import type { Scene, View } from './view.ts'

/** On-time share by the hour an order was placed in: shows when a policy breaks its promises, not only how often. */
export function onTimeByHour(scene: Scene, { result, formats }: View): Html {
  const each = scene.isFolded ? 'each hour of the week' : 'each hour'
  const lead = `Share of the orders placed in ${each} that kept their promise, mean over the replications. A gap is an hour in which no order fell due.${foldedNote(scene)}`
  const shares = scene.entries.flatMap(({ cell }) => cell.onTimeByHour.filter((share) => share !== null))
  const hours = Math.max(0, ...scene.entries.map(({ cell }) => cell.onTimeByHour.length))
  if (shares.length === 0)
    return section(
      scene.key,
      'on-time',
      'On time by hour',
      lead,
      html`<p class="empty">No order fell due, so there is no share to draw.</p>`,
    )

  const [low] = spanOf([...shares, 1])
  const span: Span = [Math.max(0, low - (1 - low) * 0.06 - 0.002), 1]
  const steps = atLeastTwoSteps([span[0] * 100, 100], 5)
  const decimals = decimalsFor(steps)
  return section(
    scene.key,
    'on-time',
    'On time by hour',
    lead,
    html`<figure class="card">${stillLegend(scene.entries)}${plot({
      title: `On-time share by hour of placement, ${scene.id}`,
      description: scene.entries
        .map(
          ({ policy, cell }) =>
            `${policy.id}: ${worstHour(cell.onTimeByHour, result.network.startsOn, formats.onTimeShare.value)}`,
        )
        .join('; '),
      heightPx: 300,
      xTicks: hourTicks(hours, result.network.startsOn),
      yTicks: steps.map((step) => ({
        at: partOf(step / 100, span),
        label: `${formats.onTimeShare.tick(step / 100, decimals)}%`,
      })),
      body: html`${baselineFirst(scene).map(({ policy, cell }) => line(padded(cell.onTimeByHour, hours), span, 1000, html` class="series ${policy.tone}" data-policy="${policy.index}"`))}`,
      attributes: html` data-read="${scene.key}:onTime" tabindex="0"`,
      className: 'with-y',
    })}</figure>`,
  )
}

/** Said wherever hours are not those of one week that was. */
export function foldedNote({ isFolded, days }: Scene): string {
  return isFolded ? ` The ${numberText(days)} days are folded into one week, hour upon hour of the same weekday.` : ''
}

/** The baseline lies under the others, thick and grey, so that a line on top of it still shows. */
export function baselineFirst({ entries }: Scene): Scene['entries'] {
  return entries.toSorted((a, b) => Number(b.policy.isBaseline) - Number(a.policy.isBaseline))
}

function padded(values: readonly (number | null)[], length: number): (number | null)[] {
  return Array.from({ length }, (_, i) => values[i] ?? null)
}

function worstHour(shares: readonly (number | null)[], startsOn: string, write: (share: number) => string): string {
  const [worst] = shares
    .map((share, hour) => ({ share, hour }))
    .filter(({ share }) => share !== null)
    .toSorted((a, b) => Number(a.share) - Number(b.share))
  return worst ? `lowest ${write(Number(worst.share))} for orders of ${hourName(worst.hour, startsOn)}` : 'no order fell due'
}
