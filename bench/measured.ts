/** CPU time of the whole process since then, compiler and collector threads included, in seconds. */
export function secondsSince(started: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(started)
  return (used.user + used.system) / 1e6
}

/** The middle one of several measurements; of an even number the larger of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
