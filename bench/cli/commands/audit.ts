import { defineCommand, flag, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { colour, print, printJson, say } from '../screen.ts'

export const command = defineCommand({
  name: 'audit',
  about: 'Verify that nobody has changed, added or taken away anything in the log of the twin and its book of acts.',
  details: `Every commit of the log holds the hash of the one before it, over its own bytes. The chain is computed again from its beginning. Bytes
that were dropped by compaction cannot be looked at, but the chain over them still holds. The book of acts has a chain of its own;
its signatures are verified, and that whatever takes two people was wanted by two.

A chain alone does not show that its end was cut off. FILE.anchors holds where each chain ended, day by day, signed; keep a copy of it,
or the head that is printed, somewhere else: whoever rewrites everything here cannot rewrite that. Signatures are held against
ORRERY_SIGNING_KEY and ORRERY_TRUSTED_KEYS.

The twin may be running meanwhile. Exit code 1: something was changed.`,
  examples: [
    { line: 'orrery audit --db out/twin/twin.db', about: 'log, book, anchors and signatures' },
    {
      line: 'orrery audit --db out/twin/twin.db --head 5f1c…',
      about: 'and that it ends as it ended when that was written down, or goes on from there',
    },
    { line: 'orrery audit --anchors /safe/twin.db.anchors', about: 'against a copy that was kept elsewhere' },
  ],
  options: {
    db: text('--db <file>', 'the log: a file, or postgres://…', 'out/twin/twin.db'),
    keys: text('--keys <file>', 'for a log in PostgreSQL: what its book and anchors lie beside', 'out/twin/keys.db'),
    head: text('--head <hash>', 'a head that was written down earlier; it must still be in the chain', null),
    anchors: text('--anchors <file>', 'ends of chains that were written down; without it those beside the log', null),
    json: flag('--json', 'print one JSON object: {db, entries, commits, head, headFound, flaw, book, decisions, anchors}'),
  },
  run: async ({ options }) => {
    const { auditLog, auditOffice, auditPostgres } = await import('../../../twin/govern/audit.ts')
    const { readAnchors } = await import('../../../twin/govern/anchors.ts')
    const { anchorFile } = await import('../../../twin/govern/office.ts')
    let toldMs = Date.now()
    const progress = (entry: number, last?: number): void => {
      if (Date.now() - toldMs < 1000) return
      toldMs = Date.now()
      say(last === undefined ? `${entry} entries` : `${entry} of ${last} entries`)
    }
    const isElsewhere = /^postgres(ql)?:/.test(options.db)
    // As `orrery serve` has it: what is not the log lies beside the keys.
    const beside = isElsewhere ? options.keys : options.db
    const read = isElsewhere
      ? await auditPostgres(options.db, options.head, readAnchors(options.anchors ?? anchorFile(beside)), progress)
      : { ...auditLog(options.db, options.head, progress), chain: null }
    const { chain, ...log } = read
    const { book, decisions, anchors } = await auditOffice(beside, options.anchors, process.env, chain)
    const isWell =
      log.flaw === null &&
      log.headFound !== false &&
      (book === null || (book.flaw === null && book.flaws.length === 0)) &&
      (decisions === null || decisions.flaw === null) &&
      anchors.flaws.length === 0
    if (options.json) printJson({ db: options.db.replace(/:[^:@/]*@/, ':…@'), ...log, book, decisions, anchors })
    else {
      const good = (words: string): void => print(`${colour.green('✓')} ${words}`)
      const bad = (words: string): void => print(`${colour.red('✗')} ${words}`)
      const odd = (words: string): void => print(`${colour.yellow('!')} ${words}`)
      if (log.flaw === null) good(`${log.entries} entries in ${log.commits} commits are as they were written. Head ${log.head}`)
      else bad(`entry ${log.flaw.entry}: ${log.flaw.what}`)
      if (log.headFound === false) bad(`no commit has the head ${options.head}: the log was rewritten, or this is another one`)
      if (book === null) odd('There is no book of acts beside it.')
      else {
        if (book.flaw !== null) bad(`book, entry ${book.flaw.entry}: ${book.flaw.what}`)
        for (const { seq, what } of book.flaws) bad(`book, entry ${seq}: ${what}`)
        if (book.flaw === null && book.flaws.length === 0)
          good(`The book: ${book.entries} acts, ${book.moves} moves of aliases, ${book.requests} requests. Head ${book.head}`)
        if (book.unknownKeys > 0)
          odd(`${book.unknownKeys} moves are signed by keys that nobody here vouches for (ORRERY_TRUSTED_KEYS).`)
      }
      if (decisions?.flaw) bad(`decisions, entry ${decisions.flaw.entry}: ${decisions.flaw.what}`)
      else if (decisions !== null)
        good(`The decision log: ${decisions.entries} entries in ${decisions.commits} commits. Head ${decisions.head}`)
      for (const { line, what } of anchors.flaws) bad(`anchors, line ${line}: ${what}`)
      if (anchors.flaws.length === 0 && anchors.anchors > 0) good(`${anchors.anchors} anchors hold.`)
      if (anchors.anchors === 0) odd('There are no anchors: whether the end was cut off cannot be seen.')
      if (anchors.unknownKeys > 0) odd(`${anchors.unknownKeys} anchors are signed by keys that nobody here vouches for.`)
    }
    return isWell ? EXIT.ok : EXIT.failed
  },
})
