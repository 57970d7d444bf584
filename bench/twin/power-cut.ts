import { type ChildProcess, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { add, type Manner, noLosses, writtenUntil } from './crashes.ts'
import { type Losses, lossesOf } from './written.ts'

export async function powerCutRounds(
  rounds: number,
  manner: Manner,
  onRound: (round: number, losses: Losses) => void,
): Promise<Losses> {
  const sum = noLosses()
  await cutDisks(
    rounds,
    (disk, round, cut) => writtenUntil(join(disk, 'log.db'), 0, manner, 150 + ((round * 7919) % 700), cut),
    async (disk, round, acknowledged) => {
      const losses = await lossesOf(join(disk, 'log.db'), acknowledged)
      onRound(round, losses)
      add(sum, losses)
    },
  )
  return sum
}

/**
 * A power cut without a plug: what is played lies on a file system of its own, which is shut down without writing its journal back
 * (EXT4_IOC_SHUTDOWN, NOLOGFLUSH), so that what only lay in memory is gone. The process is stopped first, thread by thread: a flush under
 * way during the shutdown could otherwise return as if it had been done. Then the disk is looked at as a restart would find it.
 */
export async function cutDisks<T>(
  rounds: number,
  play: (disk: string, round: number, cut: (child: ChildProcess) => Promise<void>) => Promise<T>,
  look: (disk: string, round: number, played: T) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-power-'))
  try {
    const shutDown = join(folder, 'shut-down')
    execFileSync('cc', ['-O1', '-o', shutDown, new URL('./shut-down.c', import.meta.url).pathname])
    for (let round = 0; round < rounds; round++) {
      const image = join(folder, `disk-${round}`)
      const disk = join(folder, `mounted-${round}`)
      execFileSync('truncate', ['-s', '192M', image])
      execFileSync('mkfs.ext4', ['-q', '-F', image])
      mkdirSync(disk)
      execFileSync('mount', ['-o', 'loop', image, disk])
      let mounted = true
      try {
        const played = await play(disk, round, async (child) => {
          await stopped(child)
          execFileSync(shutDown, [disk])
          const gone = new Promise((done) => child.once('exit', done))
          child.kill('SIGKILL')
          await gone
        })
        execFileSync('umount', [disk])
        mounted = false
        execFileSync('mount', ['-o', 'loop', image, disk])
        mounted = true
        await look(disk, round, played)
      } finally {
        if (mounted) execFileSync('umount', [disk])
        rmSync(image)
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Why a power cut cannot be played here, or null where it can. */
export function whyNoPowerCut(): string | null {
  if (process.platform !== 'linux') return 'it takes Linux'
  if (process.getuid?.() !== 0) return 'it takes the rights to mount a file system'
  const folder = mkdtempSync(join(tmpdir(), 'orrery-mount-'))
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' })
    execFileSync('truncate', ['-s', '16M', join(folder, 'disk')])
    execFileSync('mkfs.ext4', ['-q', '-F', join(folder, 'disk')], { stdio: 'ignore' })
    mkdirSync(join(folder, 'mounted'))
    execFileSync('mount', ['-o', 'loop', join(folder, 'disk'), join(folder, 'mounted')], { stdio: 'ignore' })
    execFileSync('umount', [join(folder, 'mounted')])
    return null
  } catch (error) {
    return `it takes cc, mkfs.ext4 and loop devices (${(error as Error).message.split('\n')[0]})`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Stops a process and waits until each of its threads stands still. */
async function stopped(writer: ChildProcess): Promise<void> {
  writer.kill('SIGSTOP')
  const tasks = `/proc/${writer.pid}/task`
  for (let tries = 0; tries < 2000; tries++) {
    const states = readdirSync(tasks).map((task) => readFileSync(join(tasks, task, 'stat'), 'utf8').replace(/^.*\) /s, '')[0])
    if (states.every((state) => state === 'T')) return
    await setTimeout(5)
  }
  throw new Error('the writer did not come to a stop')
}
