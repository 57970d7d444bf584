/** Text that is known to be markup; everything else that meets `html` is escaped, since names come from users' files. */
export type Html = { readonly markup: string }

export type Piece = Html | string | number | null | false | readonly Piece[]

/** Builds markup from a template; only `Html` goes in as it is. A number that is not one shows as a dash. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return { markup: strings.reduce((page, part, i) => page + markupOf(pieces[i - 1] ?? null) + part) }
}

/** For text of our own that is markup already: style, script, ready-made paths. */
export function trusted(markup: string): Html {
  return { markup }
}

/** JSON inside a script element: no "<" may appear, or a name could close the element. */
export function jsonFor(value: unknown): Html {
  return {
    markup: JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029'),
  }
}

/** A coordinate or length, short: two decimals are finer than any screen. */
export function short(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : '0'
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function markupOf(piece: Piece): string {
  if (piece === null || piece === false) return ''
  if (typeof piece === 'number') return Number.isFinite(piece) ? String(piece) : '–'
  if (typeof piece === 'string') return escapeText(piece)
  return 'markup' in piece ? piece.markup : piece.map(markupOf).join('')
}

function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach the page
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
}
