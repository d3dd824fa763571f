// Exceptions that people made in the console, asked of the control plane: the last answer holds for a few minutes, then nothing is allowed.
import { allowedThreats } from '../../core/contracts/threat-exceptions.ts';
import type { ThreatException } from '../../core/contracts/threats.ts';
import type { Log } from '../../core/runtime/log.ts';
import { type FetchPorts, fetchJson } from '../fetch-json.ts';

export interface AllowedPorts {
  controlPlaneUrl: string;
  http: FetchPorts;
  /** The detectors' bearer token; throws while there is none. */
  token(): string;
  monotonicSeconds(): number;
  log: Log;
}

/** A restart of the control plane raises no threat that was allowed; what was ended there does not live on for long. */
const keptSeconds = 300;

/** Never rejects: without an answer for too long the list is empty, so that every threat counts. */
export function askAllowed(ports: AllowedPorts): () => Promise<readonly ThreatException[]> {
  let last: { items: readonly ThreatException[]; atSeconds: number } | undefined;
  let silent = false;
  return async () => {
    const { controlPlaneUrl, http, token, monotonicSeconds, log } = ports;
    try {
      const answer = await fetchJson(`${controlPlaneUrl}/api/v1/threats/allowed`, token(), http);
      last = { items: allowedThreats.parse(answer).items, atSeconds: monotonicSeconds() };
      silent = false;
    } catch (error) {
      if (!silent) log.warn({ err: error }, 'the control plane does not say which processes are allowed');
      silent = true;
    }
    return last !== undefined && monotonicSeconds() - last.atSeconds <= keptSeconds ? last.items : [];
  };
}
