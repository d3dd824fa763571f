// Secrets in the swarm: encrypted in its log, in memory where they are mounted, and never given back by the engine.
import { engineSecretName, readEngineSecretName } from '../../../core/contracts/secrets.ts';
import type { Secret } from '../engine/objects.ts';
import type { EnginePort } from '../engine/port.ts';
import type { SecretStore, StoredSecret } from './port.ts';

export function swarmSecretStore({ secrets }: Pick<EnginePort, 'secrets'>): SecretStore {
  return {
    async list(environment) {
      const label = environment === undefined ? 'odyssey_environment' : `odyssey_environment=${environment}`;
      const listed = await secrets.list({ label: [label] });
      return listed.ok ? { ok: true, value: listed.value.flatMap(toStored) } : listed;
    },
    async put({ environment, name, version, base64 }) {
      const storedAs = engineSecretName(environment, name, version);
      const labels = { odyssey_environment: environment, odyssey_secret: name };
      const made = await secrets.create(storedAs, labels, base64);
      if (!made.ok) return made;
      // Read back: what is not listed is not there.
      const listed = await secrets.list({ names: [storedAs] });
      if (!listed.ok) return listed;
      const stored = listed.value.flatMap(toStored).find((one) => one.storedAs === storedAs);
      if (stored !== undefined) return { ok: true, value: stored };
      return { ok: false, failure: { kind: 'failed', message: 'the secret was taken, but is not listed' } };
    },
    remove: ({ environment, name, version }) => secrets.remove(engineSecretName(environment, name, version)),
  };
}

function toStored({ ID, CreatedAt, Spec: { Name } }: Secret): StoredSecret[] {
  const read = readEngineSecretName(Name);
  return read === undefined ? [] : [{ ...read, id: ID, storedAs: Name, created: Date.parse(CreatedAt) / 1000 }];
}
