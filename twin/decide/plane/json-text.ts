import { isUtf8 } from 'node:buffer'

/**
 * JSON as it came over the wire; throws where it is none. Bytes that are no UTF-8 are refused (RFC 8259, section 8.1): read as the sign for what cannot
 * be read, two orders would have one name, and the second would be answered with the first one's decision.
 */
export function jsonIn(bytes: Buffer, from: number, to: number): unknown {
  const text = bytes.toString('utf8', from, to)
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(from, to))) throw new SyntaxError('no UTF-8')
  return JSON.parse(text)
}
