import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ORRERY = fileURLToPath(new URL('../cli/orrery.mjs', import.meta.url))
const KEPT_CHARS = 20_000
const STOP_MS = 20_000

/** A command of ours in a process of its own, as somebody would type it. */
export class Program {
  private readonly child: ChildProcess
  private readonly gone: Promise<number | null>
  private said = ''

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [ORRERY, ...args], {
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const keep = (text: Buffer): void => {
      this.said = (this.said + text.toString()).slice(-KEPT_CHARS)
    }
    this.child.stdout?.on('data', keep)
    this.child.stderr?.on('data', keep)
    this.gone = new Promise((done) => this.child.once('exit', (code) => done(code)))
  }

  /** Its last words, on either stream. */
  get words(): string {
    return this.said
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null
  }

  /** Resolves with its exit code; null where it was killed. */
  ended(): Promise<number | null> {
    return this.gone
  }

  /** As a power cut would: nothing is put away, nothing is said. */
  async cut(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.gone
  }

  /** As Ctrl-C: what is under way ends; what will not end in good time is killed. */
  async stop(): Promise<number | null> {
    if (!this.hasEnded) this.child.kill('SIGTERM')
    const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS)
    const code = await this.gone
    clearTimeout(late)
    return code
  }
}
