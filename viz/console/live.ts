import { io } from 'socket.io-client'
import { type AlertWire, type Frame, type Leg, readLegs, type Snapshot } from '../../twin/wire.ts'
import { keyOf } from './ask.ts'

/** The one door to socket.io in the browser: what the server tells, as it comes. */
export type Told = {
  readonly snapshot: (snapshot: Snapshot) => void
  readonly frame: (frame: Frame) => void
  readonly legs: (legs: readonly Leg[]) => void
  readonly alert: (alert: AlertWire) => void
  /** A rollout has changed. */
  readonly rollout: (id: string) => void
  readonly connected: (connected: boolean) => void
  /** The server wants to know who looks. */
  readonly unknown: () => void
}

export function listen(told: Told): { acknowledge(alert: string): void; again(): void } {
  const socket = io({ transports: ['websocket'], reconnectionDelayMax: 5000, auth: (give) => give({ key: keyOf() }) })
  socket.on('connect', () => told.connected(true))
  socket.on('disconnect', () => told.connected(false))
  socket.on('connect_error', (error) => {
    if (error.message === 'key') told.unknown()
    else told.connected(false)
  })
  // Binary comes as an ArrayBuffer here, whatever it was sent as.
  socket.on('snapshot', (snapshot: Omit<Snapshot, 'legs'> & { legs: ArrayBuffer }) => {
    told.snapshot({ ...snapshot, legs: new Uint8Array(snapshot.legs) })
  })
  socket.on('frame', (frame: Frame) => told.frame(frame))
  socket.on('legs', (bytes: ArrayBuffer) => told.legs(readLegs(new Uint8Array(bytes))))
  socket.on('alert', (alert: AlertWire) => told.alert(alert))
  socket.on('rollout', (id: string) => told.rollout(id))
  return { acknowledge: (alert) => socket.emit('acknowledge', alert), again: () => void socket.connect() }
}
