import { count, flag, oneOf, text } from './command.ts'

/** What commands that run the simulator ask alike, in the same words. */
export const NETWORK = text('--network <name>', 'bundled network or a folder with network.yaml', 'brazil')
export const SEED = text('--seed <text>', 'where all luck comes from', '1')
export const WORKERS = count('--workers <n>', 'threads; without it one for each core', null, { most: 256 })
export const REPLAY = flag('--replay', "meet the network's recorded orders (orders.csv) instead of drawn ones")
export const ORIGINS = oneOf(
  '--origins <which>',
  'with --replay, "recorded" ships from where it was shipped',
  ['free', 'recorded'],
  'free',
)
