/** The one door to commander: commands are found by folder, and everything that goes wrong ends in one exit code. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command as Commander, CommanderError, Option as CommanderOption, InvalidArgumentError } from 'commander'
import { type Command, type Option, OptionError } from './command.ts'
import { EXIT, reportFailure } from './failure.ts'
import { colour, say } from './screen.ts'

const COMMANDS = new URL('./commands/', import.meta.url)

const EXIT_CODES = `Exit codes:
  0    all is well
  1    a run failed, a figure missed its target, or what was to be checked does not hold
  2    bad input: a name, a file or an option; nothing was run
  130  interrupted; what was finished is printed and written`

const AFTER_HELP = `
${EXIT_CODES}

Start with:
  orrery run                    compare the policies on the bundled network, in about a minute
  orrery run peak-sale+storm    … on a sale day in a storm
  orrery run --help             everything a run can be asked

ORRERY_DEBUG=1 shows where in the code an unexpected failure came from; NO_COLOR=1 leaves out the colours.`

/** Runs one command line and returns its exit code; never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', lost('standard output'))
  process.stderr.on('error', lost('standard error'))
  let code: number = EXIT.ok
  const program = programOf(await loadCommands(), (exitCode) => {
    code = exitCode
  })
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' })
    return code
  } catch (error) {
    // Commander has printed its own: help and version end well, everything else was bad input.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput
    return reportFailure(error)
  }
}

/** `orrery … | head` closes the pipe early: no error, and what goes into files is still written. A full disk is one. */
function lost(stream: string): (error: NodeJS.ErrnoException) => void {
  return ({ code, message }) => {
    if (code === 'EPIPE') return
    if (stream === 'standard output')
      say(`orrery: ${stream} cannot be written: ${code === 'ENOSPC' ? 'the disk is full' : message}`)
    process.exit(EXIT.failed)
  }
}

async function loadCommands(): Promise<Command[]> {
  const files = readdirSync(COMMANDS).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  return Promise.all(
    files.sort().map(async (file) => ((await import(new URL(file, COMMANDS).href)) as { command: Command }).command),
  )
}

function programOf(commands: readonly Command[], onExit: (code: number) => void): Commander {
  const program = new Commander('orrery')
    .description('A running model of an order-fulfilment network: ask what-if, compare policies, read honest intervals.')
    .version(versionOf(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('For help: orrery --help')
    .exitOverride()
    .addHelpText('after', AFTER_HELP)
  for (const command of commands) program.addCommand(commanderOf(command, `orrery ${command.name}`, onExit))
  return program
}

function commanderOf(command: Command, path: string, onExit: (code: number) => void): Commander {
  const made = new Commander(command.name)
    .description(command.about)
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError(`For help: ${path} --help`)
    .exitOverride()
    .addHelpText('after', helpAfter(command))
  for (const { form, about } of command.args ?? []) made.argument(form, about)
  for (const option of Object.values(command.options)) made.addOption(commanderOption(option))
  if (command.inner !== undefined) {
    made.helpCommand(false)
    for (const inner of command.inner) made.addCommand(commanderOf(inner, `${path} ${inner.name}`, onExit))
    return made
  }
  return made.action(async () => onExit(await command.run({ args: made.args, options: valuesOf(command, made.opts()) })))
}

function commanderOption({ flags, about, fallback, read, words }: Option<unknown>): CommanderOption {
  const option = new CommanderOption(flags, about)
  // A default of "nothing" or "off" would only be noise in the help; a list is shown as it would be typed.
  if (read === null) return option
  if (words !== undefined) option.choices(words)
  if (!Array.isArray(fallback)) {
    if (fallback !== null) option.default(fallback)
  } else if (fallback.length > 0) option.default(fallback, fallback.join(','))
  return option.argParser((value: string) => {
    try {
      return read(value)
    } catch (error) {
      if (error instanceof OptionError) throw new InvalidArgumentError(`${capital(error.message)}.`)
      throw error
    }
  })
}

function valuesOf(command: Command, given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(command.options).map(([key, { fallback }]) => [key, given[key] ?? fallback]))
}

function helpAfter({ details, examples }: Command): string {
  const width = Math.max(...examples.map(({ line }) => line.length))
  const lines = examples.map(({ line, about }) => `  ${line.padEnd(width)}  ${colour.dim(about)}`)
  return `${details === undefined ? '' : `\n${details}\n`}\nExamples:\n${lines.join('\n')}\n\n${EXIT_CODES}`
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function versionOf(): string {
  const file = fileURLToPath(new URL('../../package.json', import.meta.url))
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
