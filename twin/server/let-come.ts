import type { IncomingMessage } from 'node:http'

/** More than this of a body that was refused is not waited for, nor longer, nor once nothing has come for so long. */
const BYTES_MAX = 67_108_864
const LONGEST_MS = 5000
const SILENT_MS = 120

/**
 * Lets come what is on its way of a body that is refused unread. Many clients send all of it before they look for an answer, and know only of a broken
 * connection where the server closes first: they would never be told what was wrong.
 */
export function letCome(request: IncomingMessage): Promise<void> {
  const { headers } = request
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
  if (!hasBody || request.complete || request.readableEnded || request.destroyed) return Promise.resolve()
  return new Promise((done) => {
    let bytes = 0
    let silent = setTimeout(end, SILENT_MS)
    const longest = setTimeout(end, LONGEST_MS)
    function end(): void {
      clearTimeout(silent)
      clearTimeout(longest)
      request.off('data', onData).off('end', end).off('close', end).off('error', end)
      done()
    }
    function onData(chunk: Buffer): void {
      bytes += chunk.byteLength
      clearTimeout(silent)
      if (bytes > BYTES_MAX) end()
      else silent = setTimeout(end, SILENT_MS)
    }
    request.on('data', onData).on('end', end).on('close', end).on('error', end).resume()
  })
}
