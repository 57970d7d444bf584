/**
 * Bytes that are under way between a socket and the disk, bounded in all and for each source. A source may hold as much as is then free
 * (dynamic thresholds: Choudhury & Hahne, IEEE/ACM Transactions on Networking 6(2), 1998): one that floods gets half, two a third each,
 * and somebody else always finds room.
 */
export class FairShare {
  readonly limitBytes: number
  private readonly held = new Map<string, number>()
  private used = 0

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  /** Whether the source may take so many bytes now; then they are its own until it leaves. A first body is let in where there is room at all. */
  enter(source: string, bytes: number): boolean {
    const own = this.held.get(source) ?? 0
    const free = this.limitBytes - this.used
    if (bytes > free) return false
    if (own > 0 && own + bytes > free - bytes) return false
    this.used += bytes
    this.held.set(source, own + bytes)
    return true
  }

  leave(source: string, bytes: number): void {
    const rest = (this.held.get(source) ?? 0) - bytes
    if (rest > 0) this.held.set(source, rest)
    else this.held.delete(source)
    this.used -= bytes
  }

  usedBytes(): number {
    return this.used
  }
  usedBy(source: string): number {
    return this.held.get(source) ?? 0
  }
}
