import { io } from 'socket.io-client'
import { type AlertWire, type Frame, type Leg, readLegs, type Snapshot } from '../../twin/wire.ts'

/** The one door to socket.io in the browser: what the server tells, as it comes. */
export type Told = {
  readonly snapshot: (snapshot: Snapshot) => void
  readonly frame: (frame: Frame) => void
  readonly legs: (legs: readonly Leg[]) => void
  readonly alert: (alert: AlertWire) => void
  readonly connected: (connected: boolean) => void
}

export function listen(told: Told): { acknowledge(alert: string): void } {
  const socket = io({ transports: ['websocket'], reconnectionDelayMax: 5000 })
  socket.on('connect', () => told.connected(true))
  socket.on('disconnect', () => told.connected(false))
  socket.on('connect_error', () => told.connected(false))
  // Binary comes as an ArrayBuffer here, whatever it was sent as.
  socket.on('snapshot', (snapshot: Omit<Snapshot, 'legs'> & { legs: ArrayBuffer }) => {
    told.snapshot({ ...snapshot, legs: new Uint8Array(snapshot.legs) })
  })
  socket.on('frame', (frame: Frame) => told.frame(frame))
  socket.on('legs', (bytes: ArrayBuffer) => told.legs(readLegs(new Uint8Array(bytes))))
  socket.on('alert', (alert: AlertWire) => told.alert(alert))
  return { acknowledge: (alert) => socket.emit('acknowledge', alert) }
}
