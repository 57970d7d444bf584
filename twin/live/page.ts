import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ROOT = fileURLToPath(new URL('../../viz/console/', import.meta.url))
const WIRE = fileURLToPath(new URL('../wire.ts', import.meta.url))

export type PageFile = { readonly type: string; readonly bytes: Buffer }

/**
 * The console as files by their paths, made by Vite (its one door). It is made once for each state of its sources and kept among the system's
 * temporary files, so that a second start is at once.
 */
export async function consolePage(): Promise<ReadonlyMap<string, PageFile>> {
  const folder = join(tmpdir(), `orrery-console-${digest()}`)
  if (!existsSync(join(folder, 'index.html'))) {
    const draft = `${folder}.${process.pid}`
    mkdirSync(draft, { recursive: true })
    await build({
      root: ROOT,
      base: '/',
      configFile: false,
      logLevel: 'error',
      build: { outDir: draft, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 2000 },
    })
    try {
      renameSync(draft, folder)
    } catch (error) {
      // Another process made the same meanwhile.
      rmSync(draft, { recursive: true, force: true })
      if (!existsSync(join(folder, 'index.html'))) throw error
    }
  }
  return filesIn(folder)
}

function digest(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(ROOT).sort()) hash.update(name).update(readFileSync(join(ROOT, name)))
  return hash.update(readFileSync(WIRE)).digest('hex').slice(0, 16)
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

function filesIn(folder: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length).replaceAll('\\', '/')
    files.set(name === '/index.html' ? '/' : name, {
      type: TYPES[extname(name)] ?? 'application/octet-stream',
      bytes: readFileSync(path),
    })
  }
  return files
}
