import type { Dice } from '../../sim/random.ts'
import { draw, PURPOSE } from '../../sim/random.ts'

/** Receivers that nobody is: what a shop knows of its customers, so that sealing and masking have something to do. */
const FIRST = ['Ana', 'Bruno', 'Carla', 'Diego', 'Elisa', 'Fabio', 'Gilda', 'Heitor', 'Iara', 'Joana', 'Kaio', 'Lia'] as const
const LAST = [
  'Alves',
  'Barros',
  'Costa',
  'Dias',
  'Esteves',
  'Freitas',
  'Gomes',
  'Lima',
  'Moura',
  'Nunes',
  'Prado',
  'Rocha',
] as const
const STREETS = ['Rua das Flores', 'Avenida Central', 'Rua do Sol', 'Travessa Nova', 'Rua da Praia'] as const
const PLACES = 4096

export type Receiver = {
  readonly name: string
  readonly phone: string
  readonly email: string
  readonly street: string
}

/** The receiver of an order; the same order has the same one. */
export function receiverOf(dice: Dice, order: number): Receiver {
  const pick = <T>(words: readonly T[], k: number): T => words[Math.floor(draw(dice, order, PURPOSE.sensor, k) * words.length)]
  const first = pick(FIRST, PLACES)
  const last = pick(LAST, PLACES + 1)
  const number = 1 + Math.floor(draw(dice, order, PURPOSE.sensor, PLACES + 2) * 900)
  return {
    name: `${first} ${last}`,
    phone: `+55 00 9${String(10_000_000 + order).slice(-8)}`,
    email: `${first}.${last}.${order}@example.org`.toLowerCase(),
    street: `${pick(STREETS, PLACES + 3)} ${number}`,
  }
}
