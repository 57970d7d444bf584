import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'

/** The one door to socket.io: a push channel to every page that looks. */
export type Channel = {
  /** How many look. */
  viewers(): number
  /** To all; what a slow viewer has not taken yet is left out for it, and the next is newer anyway. */
  tell(name: string, what: unknown): void
  /** To all, without loss: what comes once. */
  send(name: string, what: unknown): void
  close(): Promise<void>
}

export function openChannel(
  server: HttpServer,
  on: {
    readonly come: (tell: (name: string, what: unknown) => void) => void
    readonly said: (name: string, what: unknown) => void
    readonly mayCome: (headers: Readonly<Record<string, unknown>>) => boolean
    /** Whether whoever brings this key may look. */
    readonly mayLook: (key: string | null) => Promise<boolean>
  },
): Channel {
  const io = new Server(server, {
    serveClient: false,
    transports: ['websocket'],
    maxHttpBufferSize: 10_000,
    allowRequest: (request, done) => done(null, on.mayCome(request.headers)),
  })
  io.use((socket, next) => {
    const { key } = socket.handshake.auth as { key?: unknown }
    on.mayLook(typeof key === 'string' ? key : null).then(
      (may) => next(may ? undefined : new Error('key')),
      () => next(new Error('busy')),
    )
  })
  io.on('connection', (socket) => {
    on.come((name, what) => socket.emit(name, what))
    socket.onAny((name: string, what: unknown) => on.said(name, what))
  })
  return {
    viewers: () => io.engine.clientsCount,
    tell: (name, what) => io.volatile.emit(name, what),
    send: (name, what) => io.emit(name, what),
    close: async () => {
      io.disconnectSockets(true)
      await io.close().catch(() => {})
    },
  }
}
