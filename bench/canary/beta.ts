import { logIncompleteBeta } from '../../twin/judge/special-functions.ts'

/** x with I_x(a, b) = p: sixty halvings. */
export function betaQuantile(p: number, a: number, b: number): number {
  let [low, high] = [0, 1]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (logIncompleteBeta(a, b, middle) < Math.log(p)) low = middle
    else high = middle
  }
  return (low + high) / 2
}
