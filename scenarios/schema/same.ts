/**
 * Compile-time proof that a schema and the type in sim/ say the same: `const proof: Same<Static<typeof Schema>, Spec> = true` stops
 * compiling when one gains a field the other lacks. `readonly` and an explicit `| undefined` on an optional field are not differences.
 */
export type Same<A, B> = Identical<Plain<A>, Plain<B>>

/** Two types are identical where TypeScript itself cannot tell them apart; being assignable would overlook an optional field too many. */
type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

type Plain<T> = T extends readonly (infer Item)[]
  ? readonly Plain<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Plain<Exclude<T[Key], undefined>> }
    : T
