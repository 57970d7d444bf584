import { defineCommand, flag, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { colour, print, printJson, say } from '../screen.ts'

export const command = defineCommand({
  name: 'audit',
  about: 'Verify that nobody has changed, added or taken away anything in the log of the twin.',
  details: `Every commit of the log holds the hash of the one before it, over its own bytes. The chain is computed again from its beginning. Bytes
that were dropped by compaction cannot be looked at, but the chain over them still holds. Keep the head that is printed
somewhere else: whoever rewrites the whole log cannot make it end in the same head.

The twin may be running meanwhile. Exit code 1: something was changed.`,
  examples: [
    { line: 'orrery audit --db out/twin/twin.db', about: 'the whole chain' },
    {
      line: 'orrery audit --db out/twin/twin.db --head 5f1c…',
      about: 'and that it ends as it ended when that was written down, or goes on from there',
    },
  ],
  options: {
    db: text('--db <file>', 'the log', 'out/twin/twin.db'),
    head: text('--head <hash>', 'a head that was written down earlier; it must still be in the chain', null),
    json: flag('--json', 'print one JSON object: {db, entries, commits, head, headFound, flaw}'),
  },
  run: async ({ options }) => {
    const { readSqliteLog } = await import('../../../twin/log/sqlite.ts')
    const log = readSqliteLog(options.db)
    const last = log.last()
    const links = log.verify()
    let commits = 0
    let toldMs = Date.now()
    let headFound = options.head === null ? null : false
    let step = links.next()
    for (; !step.done; step = links.next()) {
      commits++
      if (options.head !== null && Buffer.from(step.value.hash).toString('hex') === options.head.toLowerCase()) headFound = true
      if (Date.now() - toldMs > 1000) {
        toldMs = Date.now()
        say(`${step.value.entry} of ${last} entries`)
      }
    }
    const flaw = step.value
    const head = Buffer.from(log.head()).toString('hex')
    log.close()
    if (options.json) printJson({ db: options.db, entries: last, commits, head, headFound, flaw })
    else {
      if (flaw === null)
        print(`${colour.green('✓')} ${last} entries in ${commits} commits are as they were written. Head ${head}`)
      else print(`${colour.red('✗')} entry ${flaw.entry}: ${flaw.what}`)
      if (headFound === false)
        print(`${colour.red('✗')} no commit has the head ${options.head}: the log was rewritten, or this is another one`)
    }
    return flaw === null && headFound !== false ? EXIT.ok : EXIT.failed
  },
})
