import type { ToldRequest } from '../../twin/govern/governance.ts'
import { askServer } from './server-client.ts'

/** Requests that take two people, over the API of a running server. */
export async function listRequests(server: string | null, all: boolean): Promise<readonly ToldRequest[]> {
  const { requests } = (await askServer(server, 'GET', '/v1/requests')).value as { requests: readonly ToldRequest[] }
  return all ? requests : requests.filter(({ state }) => state === 'open')
}

export async function shownRequest(server: string | null, id: string): Promise<ToldRequest> {
  return (await askServer(server, 'GET', `/v1/requests/${encodeURIComponent(id)}`)).value as ToldRequest
}

/** Agrees to what has this digest, and to nothing else. */
export async function agreeTo(server: string | null, id: string, digest: string): Promise<ToldRequest> {
  const path = `/v1/requests/${encodeURIComponent(id)}/approve`
  return (await askServer(server, 'POST', path, { body: { digest } })).value as ToldRequest
}

export async function turnDown(server: string | null, id: string, because: string): Promise<ToldRequest> {
  const path = `/v1/requests/${encodeURIComponent(id)}/refuse`
  return (await askServer(server, 'POST', path, { body: { because } })).value as ToldRequest
}
