import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InputError } from '../../scenarios/read/problem.ts'
import { digestOfBytes } from '../govern/canonical.ts'

/**
 * Contents by their digest: the texts of modules, compiled rules, scenarios, weights, certificates. A file is named by what is in it, so it can be
 * written twice but never changed, and whoever reads it knows whether it is what was meant.
 */
export type ContentStore = {
  /** Durable when it returns; the digest in hexadecimal. */
  put(bytes: Uint8Array | string): string
  /** Null where nothing of this digest was put. Throws where the file is not what its name says. */
  get(digest: string): Uint8Array | null
}

export function openContentStore(path: string): ContentStore {
  const folder = resolve(path)
  const fileOf = (digest: string): string => join(folder, digest.slice(0, 2), digest)
  return {
    put: (bytes) => {
      const digest = digestOfBytes(bytes)
      const file = fileOf(digest)
      if (existsSync(file)) return digest
      mkdirSync(join(folder, digest.slice(0, 2)), { recursive: true })
      const half = `${file}.${process.pid}.half`
      const to = openSync(half, 'w', 0o600)
      try {
        writeSync(to, typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
        fsyncSync(to)
      } finally {
        closeSync(to)
      }
      renameSync(half, file)
      flushFolder(join(folder, digest.slice(0, 2)))
      return digest
    },
    get: (digest) => {
      if (!/^[0-9a-f]{64}$/.test(digest) || !existsSync(fileOf(digest))) return null
      const bytes = readFileSync(fileOf(digest))
      const found = digestOfBytes(bytes)
      if (found !== digest) {
        const fix = 'somebody changed it; put the file back from a copy, nothing else will run'
        throw new InputError([
          { file: fileOf(digest), line: null, field: 'content', found: `content of ${found.slice(0, 12)}`, fix },
        ])
      }
      return bytes
    },
  }
}

/** A new name is durable only with its folder; systems that cannot open folders flush them by themselves. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
