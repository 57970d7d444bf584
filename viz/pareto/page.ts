import type { Drawing } from '../../scenarios/pareto/drawing.ts'
import { html } from '../report/html.ts'

export function renderPareto(drawing: Drawing): string {
  return html`${drawing.scenario.id}`.markup
}
