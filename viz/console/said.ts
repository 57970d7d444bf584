import { type Format, formatIn } from './format.ts'
import { type Language, wordsIn } from './words.ts'

/** How this page speaks: its words and its numbers. */
export type Said = { readonly language: Language; readonly words: ReturnType<typeof wordsIn>; readonly format: Format }

export const saidIn = (language: Language): Said => ({ language, words: wordsIn(language), format: formatIn(language) })
