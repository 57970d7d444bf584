import { describe, expect, test } from 'vitest'
import { plainHead } from './plain-head.ts'

const head = (...lines: string[]): string => ['POST /v1/decisions HTTP/1.1', ...lines].join('\r\n')
const usual = ['Host: localhost:8081', 'Content-Type: application/json', 'Content-Length: 120']

describe('the head of a plain request', () => {
  test('what nearly all send is read', () => {
    expect(plainHead(head(...usual))).toEqual({ length: 120, host: 'localhost:8081', authorization: null, apiKey: null })
    const more = [
      'accept: */*',
      'user-agent: curl/8',
      'Connection: keep-alive',
      'Authorization: Bearer 0123456789abcdef',
      'X-Api-Key: k',
    ]
    expect(plainHead(head(...usual, ...more))).toMatchObject({ authorization: 'Bearer 0123456789abcdef', apiKey: 'k' })
  })

  test.each([
    ['another method', 'GET /v1/decisions HTTP/1.1'],
    ['another version', 'POST /v1/decisions HTTP/1.0'],
    ['a query', 'POST /v1/decisions?x=1 HTTP/1.1'],
    ['another route', 'POST /v1/decisions:batch HTTP/1.1'],
    ['a whole address', 'POST http://localhost/v1/decisions HTTP/1.1'],
  ])('%s is left to the server proper', (_, first) => {
    expect(plainHead([first, ...usual].join('\r\n'))).toBeNull()
  })

  test.each([
    'Transfer-Encoding: chunked',
    'Content-Encoding: gzip',
    'Expect: 100-continue',
    'Upgrade: h2c',
    'Connection: close',
    'Connection: keep-alive, transfer-encoding',
    'Content-Length: 120',
    'Content-Length: 7',
    'Host: other',
    'Origin: http://elsewhere',
    'X-Whatever: 1',
    ' folded: 1',
    'Accept : */*',
    'Accept: a\u0000b',
    'Accept: a\nContent-Length: 3',
    'Accept: a\rb',
    'no colon',
    '',
  ])('so is a request that also says %j', (line) => {
    expect(plainHead(head(...usual, line))).toBeNull()
  })

  test.each(['+5', '-1', '0x10', '1e3', '007', '5 5', '5,5', '', '99999999999'])('and a length of %j', (length) => {
    expect(plainHead(head(usual[0], usual[1], `Content-Length: ${length}`))).toBeNull()
  })

  test.each([[usual.slice(1)], [[usual[0], usual[2]]], [usual.slice(0, 2)], [[usual[0], 'Content-Type: text/plain', usual[2]]]])(
    'and one without host, length or the type of JSON: %j',
    (lines) => {
      expect(plainHead(head(...lines))).toBeNull()
    },
  )
})
