/** Pieces of JSON as text, for what is written for each order: the same letters as `JSON.stringify` of them. */

/** A text in quotes. Nearly all are plain letters; others are left to the engine. */
export function quoted(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32 || code === 34 || code === 92 || (code >= 0xd800 && code <= 0xdfff)) return JSON.stringify(text)
  }
  return `"${text}"`
}

export const quotedOrNull = (text: string | null): string => (text === null ? 'null' : quoted(text))

/** What is no number is null. */
export const numeral = (value: number): string => (Number.isFinite(value) ? `${value}` : 'null')

export const numeralOrNull = (value: number | null): string => (value === null ? 'null' : numeral(value))

export function quotedList(texts: readonly string[]): string {
  if (texts.length === 0) return '[]'
  let text = '['
  for (let i = 0; i < texts.length; i++) text += (i === 0 ? '' : ',') + quoted(texts[i])
  return `${text}]`
}
