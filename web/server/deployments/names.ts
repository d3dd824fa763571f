// Names in the engine that are made of ours, and read back.

/** The environment's overlay, which every deployment in it joins. */
export function networkOf(environment: string): string {
  return `env-${environment}`;
}

export function serviceOf(deployment: string, revision: string): string {
  return `${deployment}-${revision}`;
}

export function revisionOf(number: number): string {
  return `r${number}`;
}

/** 12 of `r12`. */
export function numberOf(revision: string): number {
  return Number(revision.slice(1));
}

export const ownLabels = {
  environment: 'odyssey_environment',
  deployment: 'odyssey_deployment',
  revision: 'odyssey_revision',
  spec: 'odyssey_spec',
  networks: 'odyssey_networks',
} as const;

/** What a service or a container says of itself, or undefined when it is none of ours. */
export function readLabels(
  labels: Readonly<Record<string, string>> | undefined,
): { environment: string; deployment: string; revision: string; spec: string | undefined } | undefined {
  const [environment, deployment, revision] = [
    labels?.[ownLabels.environment],
    labels?.[ownLabels.deployment],
    labels?.[ownLabels.revision],
  ];
  if (environment === undefined || deployment === undefined || revision === undefined) return undefined;
  return { environment, deployment, revision, spec: labels?.[ownLabels.spec] };
}
