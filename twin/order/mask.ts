/** What is personal, so that its owner recognises it and nobody else learns it: "Maria Souza" is "M•••• S••••". */
export function maskPerson(person: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(person).map(([field, text]) => [field, maskText(text)]))
}

/** First letter of each word; how long it is does not show. Digits all go. */
function maskText(text: string): string {
  return text
    .split(/[\s@.,]+/u)
    .filter((word) => word !== '')
    .map((word) => (/^\p{L}/u.test(word) ? `${[...word][0]}••••` : '••••'))
    .join(' ')
}
