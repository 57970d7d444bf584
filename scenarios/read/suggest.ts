import { closest, distance } from 'fastest-levenshtein'

/** The candidate a mistyped word was most likely meant to be, or null where none is near enough to be worth saying. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  if (candidates.length === 0) return null
  const plain = word.toLowerCase()
  const begun = candidates.filter((candidate) => plain.length >= 3 && candidate.toLowerCase().startsWith(plain))
  if (begun.length === 1) return begun[0]
  const lower = candidates.map((candidate) => candidate.toLowerCase())
  const best = closest(plain, lower)
  // More than two letters in five wrong is another word, not a slip.
  const allowed = Math.max(1, Math.round(plain.length * 0.4))
  // Nor is it one where nothing of it is left.
  const away = distance(plain, best)
  return away <= allowed && away < Math.max(plain.length, best.length) ? candidates[lower.indexOf(best)] : null
}

/** "did you mean `x`?" where something is near, else the choices themselves; always a sentence a person can act on. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const guess = nearest(word, candidates)
  if (guess !== null) return `did you mean \`${guess}\`?`
  if (candidates.length === 0) return 'there is none to choose from.'
  const shown = candidates.slice(0, 12).join(', ')
  return `use one of ${shown}${candidates.length > 12 ? ', …' : ''}.`
}
