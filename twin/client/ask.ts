/** A running twin, and what lets one in. */
export type Asked = { readonly url: string; readonly key: string | null; readonly signal: AbortSignal }

/** Gets something of the twin as text; once, since who asks is there to ask again. */
export async function ask({ url, key, signal }: Asked, path: string): Promise<string> {
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` }
  const response = await fetch(new URL(path, url), { headers, signal })
  if (!response.ok) throw new Error(`${url}${path} answered ${response.status}`)
  return response.text()
}
