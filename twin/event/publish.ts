/** Writes the schemas of all events as files for others: `node twin/event/publish.ts`. One file for each feed, a choice of its types. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FEED_IDS, FEEDS } from './feeds.ts'
import { KINDS } from './kind.ts'

/** Each published file and what must stand in it. */
export const PUBLISHED: readonly { readonly file: string; readonly text: string }[] = FEED_IDS.map((feed) => {
  const kinds = [...(KINDS.get(feed)?.values() ?? [])]
  const whole = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `orrery/feeds/${feed}`,
    title: `Orrery events: ${feed}`,
    description: `One event, one line of NDJSON. Types: ${Object.keys(FEEDS[feed]).join(', ')}.`,
    anyOf: kinds.map(({ schema }) => schema),
  }
  return {
    file: fileURLToPath(new URL(`schemas/${feed}.schema.json`, import.meta.url)),
    text: `${JSON.stringify(whole, null, 2)}\n`,
  }
})

if (import.meta.main) for (const { file, text } of PUBLISHED) writeFileSync(file, text)
