import type { Told } from '../../scenarios/explain/told.ts'
import type { Language } from '../../scenarios/explain/words.ts'
import { colour, columnsOf, folded } from './screen.ts'

const COLUMNS = 100

/** A decision as a planner reads it: a sentence to a paragraph, the digest last. */
export function decidedText({ text, digest }: Pick<Told, 'text' | 'digest'>, language: Language): string {
  const wide = Math.min(columnsOf(process.stdout), COLUMNS)
  const [head, ...rest] = text[language]
  return [
    colour.bold(folded(head, wide)),
    ...rest.map((sentence) => folded(sentence, wide)),
    colour.dim(`digest ${digest}`),
  ].join('\n')
}
