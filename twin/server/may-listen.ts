import { createServer } from 'node:net'
import { InputError } from '../../scenarios/read/problem.ts'

/**
 * Whether this process may listen there, asked before anything else is opened: a long log should not be read again only to learn that the port is
 * taken. Somebody may take it in between, so whoever listens then asks once more.
 */
export function mayListen(host: string, port: number, field: string): Promise<void> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => fail(cannotListen(error, host, port, field)))
    server.listen({ host, port, exclusive: true }, () => server.close(() => done()))
  })
}

/** What is wrong with host or port in words; any other error as it is. */
export function cannotListen(error: NodeJS.ErrnoException, host: string, port: number, field: string): Error {
  const says = (at: string, found: string, fix: string): InputError =>
    new InputError([{ file: 'serve', line: null, field: at, found, fix }])
  switch (error.code) {
    case 'EADDRINUSE':
      return says(field, `${port}, which is taken`, 'name another port, or stop what listens there')
    case 'EACCES':
      return says(field, `${port}, which this user may not listen on`, 'name a port from 1024 on, such as 8080')
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return says('--host', `${host}, which is no address of this machine`, 'name one that is, such as 127.0.0.1')
    default:
      return error
  }
}
