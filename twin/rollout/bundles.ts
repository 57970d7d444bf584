import { canonical, digestOfBytes } from '../govern/canonical.ts'
import type { Evidence } from '../judge/evidence.ts'
import type { ContentStore } from '../registry/store.ts'

/** Bundles of evidence beside the book, each by its digest: what a verdict can be computed from again, anywhere. */
export type Bundles = {
  /** Keeps it before anybody refers to it; returns its digest. */
  keep(evidence: Evidence): string
  /** Null where there is none of this digest. Throws where its bytes are not what was kept. */
  read(digest: string): Evidence | null
}

export function bundlesIn(store: ContentStore): Bundles {
  return {
    keep: (evidence) => store.put(canonical(evidence)),
    read: (digest) => {
      const bytes = store.get(digest)
      return bytes === null ? null : readBundle(Buffer.from(bytes).toString())
    },
  }
}

const readBundle = (text: string): Evidence => JSON.parse(text) as Evidence

/** The digest a bundle is kept and approved by. */
export const digestOfEvidence = (evidence: Evidence): string => digestOfBytes(canonical(evidence))
