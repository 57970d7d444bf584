import type { Severity } from '../doctor/note.ts'

/** One thing a part of the lint has to say, before its line is looked up. */
export type Remark = {
  readonly severity: Severity
  readonly path: readonly (string | number)[]
  readonly found: string
  readonly fix: string
}
export const wrong = (path: Remark['path'], found: string, fix: string): Remark => ({ severity: 'error', path, found, fix })
export const odd = (path: Remark['path'], found: string, fix: string): Remark => ({ severity: 'warning', path, found, fix })
